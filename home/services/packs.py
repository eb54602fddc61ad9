"""Loading a programme pack: tools, sessions, pages and words in one transaction."""

from pathlib import Path

from django.db import transaction

from core import packs
from core.role_names import names_in
from mentoring.models import Pack
from sessions_app.services.packs import load_sections
from tools.services.packs import load_tools


@transaction.atomic
def load_pack(*, path: Path) -> tuple[Pack, list[str], list[str]]:
    """Read, check and load the pack in the folder `path`; idempotent.

    Returns:
        The pack, one line per change, one line per text that still lacks a language.

    Raises:
        core.packs.PackError: the files are not a valid pack; nothing was changed.
        tools.services.packs.VersionInUseError: a used version would change; nothing was changed.
    """
    read = packs.read_pack(path)
    pack, _ = Pack.objects.update_or_create(
        key=read.key,
        defaults={
            "version": read.version,
            "title": read.title,
            "description": read.description,
            "languages": list(read.languages),
            "settings": read.settings,
            "pages": {page["key"]: page for page in read.pages},
            "glossary": {"terms": list(read.glossary)},
            "role_names": names_in(read.glossary),
            "licence": read.licence,
            "digest": read.digest,
        },
    )
    told = load_tools(pack=pack, tools=list(read.tools))
    told += load_sections(pack=pack, sections=list(read.sections))
    return pack, told, [str(problem) for problem in read.incomplete]
