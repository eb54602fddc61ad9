"""System checks: settings that are legal one by one and wrong together, or wrong for real users.

`manage.py check` runs the first kind, `manage.py check --deploy` both.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register

ID = "open_mentoring"


@register(Tags.staticfiles)
def front_end_is_built(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The style sheets and scripts come from a build step, not from the repository."""
    if any((settings.BASE_DIR / "static" / "build").glob("*.css")):
        return []
    hint = "Run `make run`, or `npm ci && node frontend/build.mjs`."
    return [Warning("The style sheets and scripts are not built.", hint=hint, id=f"{ID}.W001")]


@register(Tags.translation)
def translations_are_compiled(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Compiled translations are made at set-up; without them every page is English."""
    sources = [path for root in settings.LOCALE_PATHS for path in root.glob("*/LC_MESSAGES/*.po")]
    missing = [str(path.relative_to(settings.BASE_DIR)) for path in sources if not path.with_suffix(".mo").exists()]
    if not missing:
        return []
    return [Warning(f"Not compiled: {', '.join(missing)}.", hint="Run `make messages`.", id=f"{ID}.W002")]


@register(Tags.urls)
def site_url_fits(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Links in mails are made from SITE_URL; a trailing path or a missing scheme breaks them all."""
    if settings.SITE_URL.startswith(("http://", "https://")) and settings.SITE_URL.count("/") == 2:
        return []
    hint = "Like https://mentoring.example.org, without a path."
    return [Error(f"SITE_URL is {settings.SITE_URL!r}.", hint=hint, id=f"{ID}.E001")]


@register(Tags.security, deploy=True)
def no_demo_people(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The demo people share a published password."""
    if not settings.DEMO_ALLOWED:
        return []
    return [Error("DEMO_ALLOWED is on: anybody can sign in as the demo people.", id=f"{ID}.E002")]


@register(Tags.security, deploy=True)
def tasks_run_in_workers(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A request must never render a PDF itself."""
    if not getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        return []
    return [Error("CELERY_TASK_ALWAYS_EAGER is on: requests do the workers' work.", id=f"{ID}.E003")]


@register(Tags.security, deploy=True)
def served_over_https(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Diaries and contracts do not travel in the clear."""
    if settings.HTTPS:
        return []
    hint = "Set SITE_URL=https://…"
    return [Error("Pages are served without HTTPS.", hint=hint, id=f"{ID}.E004")]


@register(Tags.database, deploy=True)
def database_for_many(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """SQLite serves one machine: web and workers on others do not see it."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return []
    hint = "Set DATABASE_URL=postgres://…; one small machine may live with SQLite."
    return [Warning("The database is SQLite.", hint=hint, id=f"{ID}.W003")]


@register(Tags.database)
def a_connection_for_each_thread(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A thread that waits for a connection serves nobody."""
    pool = settings.DATABASES["default"]["OPTIONS"].get("pool")
    if not pool or pool["max_size"] >= settings.WEB_THREADS:
        return []
    hint = "Raise DATABASE_POOL_SIZE, or lower WEB_THREADS."
    return [Warning("There are fewer database connections than threads that need one.", hint=hint, id=f"{ID}.W005")]


@register(Tags.security, deploy=True)
def mails_go_out(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Invitations and password links are mails."""
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return []
    hint = "Set EMAIL_URL=smtp+tls://user:password@host:587."
    return [Warning("Mails are kept on this machine instead of sent.", hint=hint, id=f"{ID}.W004")]


@register(Tags.security, deploy=True)
def uploads_are_scanned(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Uploads are checked by content in any case; a virus scanner is a further net."""
    if settings.CLAMAV_URL:
        return []
    hint = "Set CLAMAV_URL to a ClamAV daemon when you have one."
    return [Info("Uploaded files are not scanned for viruses.", hint=hint, id=f"{ID}.I001")]
