"""Bring people and groups into the platform of the journeys; prints what lies where as JSON.

Run inside an installation: `python -m tests.journeys.prepare`. The stories happen in the group «Žingsnis» of the cast
and in «Крачка» of the others, whose first session was yesterday. The pages are looked at in a second world, where
something lies everywhere.
"""

import json
from datetime import timedelta
from typing import Any

import django


def main() -> dict[str, Any]:
    """Make both worlds and return where things are."""
    from django.db import transaction  # noqa: PLC0415 -- after django.setup()

    from mentoring.models import Pack  # noqa: PLC0415
    from tests.cast import make_world  # noqa: PLC0415
    from tests.furniture import furnish  # noqa: PLC0415

    pack = Pack.objects.get()
    with transaction.atomic():
        stories = make_world(pack)
        for group, mentor in ((stories.group, stories.cast.rasa), (stories.other_group, stories.cast.petar)):
            after_the_first_session(group, mentor)
        speak_bulgarian(stories.cast.elena)
        pages = furnish(make_world(pack, domain="pages.example.org", code="PAG"))
        give_portrait(pages.world.cast.milda)
    return {
        "stories": {"programme": stories.programme.pk, **places(stories.group)},
        "others": places(stories.other_group),
        "pages": pages.things,
    }


def places(group: Any) -> dict[str, int]:
    """Return the keys of a group, its folders and its session."""
    folders = {f"{folder.kind}_folder": folder.pk for folder in group.folders.all()}
    return {"group": group.pk, **folders, "session": group.plan.sessions.get().pk}


def after_the_first_session(group: Any, mentor: Any) -> None:
    """Let the first session have been yesterday: the plan is agreed, the documents of the beginning are filed."""
    from django.utils import timezone  # noqa: PLC0415 -- after django.setup()

    from core.policy.roles import Audience, Role  # noqa: PLC0415
    from documents.models import Source  # noqa: PLC0415
    from documents.services import filing  # noqa: PLC0415
    from mentoring.models import Membership  # noqa: PLC0415
    from sessions_app.models import MeetingForm, MeetingState  # noqa: PLC0415
    from sessions_app.services.agreement import agree_plan  # noqa: PLC0415
    from tests.documents.sent_files import pdf  # noqa: PLC0415
    from tests.pack_tools import tool  # noqa: PLC0415

    group.plan.sessions.update(
        starts_at=timezone.now() - timedelta(days=1),
        form=MeetingForm.IN_PERSON,
        place="Kaunas County Library",
        state=MeetingState.HELD,
    )
    agree_plan(plan=group.plan, by=mentor, lock=group.plan.lock)
    for membership in Membership.objects.live().filter(group=group, role=Role.MENTEE).select_related("user"):
        for key in ("mentee_profile", "initial_questionnaire"):
            filing.file_version(
                group=group, tool_version=tool(key).current, subject=membership.user, session_key="",
                session_title={}, author=membership.user, audience=Audience.STAFF, content=pdf(), pages=1,
                language="en", source=Source.UPLOADED, created_by=mentor,
            )  # fmt: skip


def speak_bulgarian(user: Any) -> None:
    """Let the platform speak Bulgarian to a person."""
    from accounts.services import set_language  # noqa: PLC0415 -- after django.setup()

    set_language(user=user, language="bg")


def give_portrait(user: Any) -> None:
    """Give a person a photo."""
    from django.core.files.base import ContentFile  # noqa: PLC0415 -- after django.setup()

    from accounts.services import portrait  # noqa: PLC0415
    from tests.documents.sent_files import photo  # noqa: PLC0415

    user.photo.save("milda.jpg", ContentFile(portrait(photo())))


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))
