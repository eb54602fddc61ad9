"""Settings, read from the environment alone; `docs/configuration.md` lists every variable."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlparse

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.runtime import redis_socket

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("OPEN_MENTORING_VAR", default="") or BASE_DIR / "var").absolute()
DEBUG = env.bool("DEBUG", default=False)


def _secret_key() -> str:
    """Return SECRET_KEY, or the key that set-up wrote into the var directory."""
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    path = Path(env.str("SECRET_KEY_FILE", default=str(VAR_DIR / "secret_key")))
    if path.is_file():
        return path.read_text().strip()
    raise ImproperlyConfigured(f"Set SECRET_KEY, or put a key into {path}.")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = env.bool("HTTPS", default=SITE_URL.startswith("https://"))

INSTALLED_APPS = [
    "config.apps.AdminSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "guardian",
    "django_htmx",
    "template_partials",
    "csp",
    "core",
    "accounts",
    "mentoring",
    "notices",
    "tools",
    "documents",
    "rendering",
    "responses_app",
    "uploads",
    "checklist",
    "sessions_app",
    "conversations",
    "home",
    "demo",
]

MIDDLEWARE = [
    "core.web.middleware.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.web.overload.OverloadMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mentoring.middleware.StandingMiddleware",
    "core.web.middleware.PersonalSettingsMiddleware",
    "core.web.middleware.NoStoreMiddleware",
    "core.web.middleware.StrayInputMiddleware",
    "core.web.kept_forms.KeptFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.web.middleware.OnlyForFormsMiddleware",  # within the others: what it shows has their headers too
    "core.web.once.DeletedBeforeMiddleware",
    "core.web.deadlocks.DeadlockMiddleware",  # the last: it hears first of what goes wrong
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"

LOADERS = ["core.web.template_files.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.web.context_processors.shell",
            ],
            "builtins": ["core.templatetags.ui", "django.templatetags.i18n", "core.templatetags.quick"],
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", LOADERS)])],
        },
    }
]
FORM_RENDERER = "core.web.forms.Renderer"


# --- threads, database ----------------------------------------------------------------------------------------

WEB_THREADS = env.int("WEB_THREADS", default=8)
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a deferred transaction that upgrades to a write fails at once with "database is locked".
    DATABASES["default"]["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16000;",
    }
else:
    if env.bool("DATABASE_PREPARE", default=True):
        # A connection keeps the plans of statements that come again.
        DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 2}
    if env.bool("DATABASE_POOL", default=True):
        # One connection for each thread that makes pages, and two for readiness, which asks in threads of its own: then
        # no request waits for a connection.
        DATABASES["default"]["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", default=WEB_THREADS + 2),
            "timeout": 10,
            "max_lifetime": 12 * 60 * 60,
        }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- Redis: broker, cache --------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default=f"unix://{quote(str(redis_socket(VAR_DIR)))}?db=0")
LIVE_REDIS_URL = REDIS_URL  # wakes open pages; empty: they look by themselves now and then
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "om",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}


def _broker_url(redis_url: str) -> str:
    """Return the Celery form of a Redis URL: `unix://` is spelt `redis+socket://` there.

    Args:
        redis_url: as in REDIS_URL, with the database number as `?db=N` for a socket.
    """
    parts = urlparse(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{unquote(parts.path)}?virtual_host={database}"


CELERY_BROKER_URL = _broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"rendering.render": {"queue": "pdf"}}
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the longest task, so that nothing runs twice while it still runs.
    "visibility_timeout": env.int("CELERY_VISIBILITY_TIMEOUT", default=180),
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    # Ask a broker that is down once more and at once, instead of sleeping for seconds within a request.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
# A request that hands work over waits at most a moment for the broker; the sweeper sends what was not taken.
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000  # KiB
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "core.beat", "schedule": 20.0},
    "sweep-renderings": {"task": "rendering.sweep_renderings", "schedule": 20.0},
    "sweep-files": {"task": "documents.sweep_files", "schedule": 3600.0},
    "sweep-uploads": {"task": "uploads.sweep_uploads", "schedule": 3600.0},
    "sweep-attachments": {"task": "conversations.sweep_attachments", "schedule": 3600.0},
    "sweep-thumbnails": {"task": "conversations.sweep_thumbnails", "schedule": 60.0},
    "sweep-mails": {"task": "accounts.sweep_mails", "schedule": 60.0},
    "sweep-notices": {"task": "notices.sweep", "schedule": 30.0},
    "notices-of-the-day": {"task": "notices.digests", "schedule": 300.0},
    "mails-that-came-back": {"task": "accounts.bounces", "schedule": 300.0},
    "forget-mails": {"task": "accounts.forget_mails", "schedule": 21600.0},
    "forget-notices": {"task": "notices.forget", "schedule": 21600.0},
    "reminders": {"task": "notices.remind", "schedule": 600.0},
    "sync-grants": {"task": "documents.sync_grants", "schedule": 86400.0},
}


# --- files ------------------------------------------------------------------------------------------------------

MEDIA_ROOT = VAR_DIR / "media"


def _storage(url: str) -> dict[str, object]:
    """Return Django's storage settings for STORAGE_URL.

    Args:
        url: empty for files under the var directory, or `s3://KEY:SECRET@HOST:PORT/BUCKET/FOLDER?tls=1&region=…`, where
            the folder may be left out.

    Raises:
        ImproperlyConfigured: when the scheme is neither empty nor `s3`, or the bucket is missing.
    """
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = urlparse(url)
    bucket, _slash, folder = parts.path.strip("/").partition("/")
    if parts.scheme != "s3" or not bucket:
        raise ImproperlyConfigured("STORAGE_URL must look like s3://KEY:SECRET@HOST:PORT/BUCKET?tls=1.")
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    scheme = "https" if query.get("tls", "1") == "1" else "http"
    host = parts.hostname or ""
    endpoint = f"{scheme}://{host}:{parts.port}" if parts.port else f"{scheme}://{host}"
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": folder,
            "endpoint_url": endpoint if host else None,
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
            "region_name": query.get("region", "us-east-1"),
            "signature_version": "s3v4",
            "addressing_style": "path",
            "querystring_auth": True,
            "querystring_expire": 60,
            "file_overwrite": False,
            "default_acl": None,
        },
    }


STORAGES: dict[str, dict[str, Any]] = {
    "default": _storage(env.str("STORAGE_URL", default="")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
X_ACCEL_PREFIX = env.str("X_ACCEL_PREFIX", default="")
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MAX_AGE = 0 if DEBUG else 31536000
FILE_UPLOAD_HANDLERS = [
    "core.web.multipart.ReceiveEveryFile",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=25 * 1024 * 1024)
UPLOAD_MAX_PAGES = env.int("UPLOAD_MAX_PAGES", default=40)
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_PIXELS", default=60_000_000)
CLAMAV_URL = env.str("CLAMAV_URL", default="")
SOFFICE = env.str("SOFFICE", default="")  # LibreOffice, which makes PDFs of office files; found on the path by itself
# Photos come one by one, and without scripts all at once. What all are sending now lies on disk until a page reads it.
REQUEST_MAX_BYTES = env.int("REQUEST_MAX_BYTES", default=256 * 1024 * 1024)
RECEIVING_MAX_BYTES = env.int("RECEIVING_MAX_BYTES", default=1024 * 1024 * 1024)
RECEIVING_MAX_SILENCE = 60  # seconds without a byte of what was announced
RECEIVING_MAX_SECONDS = 1800  # for one request, however slowly it comes
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 300  # so that whoever chooses too many reads a sentence beside what they wrote
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024


# --- people, sign-in --------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:first-screen"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation is bound to the address and proves it
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password is told to its owner
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "change_password": "accounts.forms.PasswordChangeForm",
    "reset_password": "accounts.forms.PasswordForgottenForm",
    "reset_password_from_key": "accounts.forms.PasswordResetForm",
}
# A school signs in from one address: what is wrong slows the account down, and the address only where it floods.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "100/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
SEARCHES_PER_MINUTE = 60  # of one person: more than anybody types
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")  # for security.txt: mailto:… or https://…
KEPT_FORM_URL = "accounts:kept-form"
PERSON_COOKIE_NAME = "__Host-person" if HTTPS else "person"  # whose browser this is, signed: see core.web.kept_forms
SESSION_ENGINE = "core.web.sessions"
CSRF_FAILURE_VIEW = "home.views.csrf_failure"


# --- web ---------------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.int("TRUSTED_PROXY_COUNT", default=0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}


# --- language, time ---------------------------------------------------------------------------------------------

USE_I18N = USE_TZ = True
LANGUAGE_CODE = env.str("DEFAULT_LANGUAGE", default="en")
LANGUAGES = [("en", _("English")), ("bg", _("Bulgarian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Sofia")
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS


# --- mail, logs ---------------------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}")
vars().update({key: value for key, value in EMAIL_CONFIG.items() if key.startswith("EMAIL_") and value is not None})
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="Open e-Mentoring <mentoring@localhost>")
# What cannot be delivered: the address it goes back to, and the mailbox it is read from (accounts/bounces.py).
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="")
BOUNCES_URL = env.str("BOUNCES_URL", default="")
MAILS_KEPT_DAYS = env.int("MAILS_KEPT_DAYS", default=365)
DEMO_ALLOWED = env.bool("DEMO_ALLOWED", default=DEBUG)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_keys": {"()": "core.ops.logs.HideKeys"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_keys"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "uvicorn.access": {"handlers": ["console"], "propagate": False},
        "django.server": {"handlers": ["console"], "propagate": False},
    },
}
