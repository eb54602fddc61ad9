"""What waits to be read next, so that reading one paper leads to the following one."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from django.urls import reverse

from core.policy.roles import Role
from mentoring.standing import Standing
from responses_app.models import FormResponse
from tools.memory import give_versions, own_tools
from tools.models import Filing, OnePer, ToolVersion

READERS: Final = (Role.MANAGER, Role.MENTOR)


@dataclass(frozen=True, slots=True)
class Following:
    """The next form that waits for this reader."""

    title: str
    url: str


def following(standing: Standing, form: FormResponse) -> Following | None:
    """Return what else waits to be read or decided by this person, the oldest first; None for who only writes."""
    if standing.role_in(form.group_id) not in READERS:
        return None
    tools = own_tools(standing)
    found = FormResponse.objects.next_to_read(
        standing,
        besides=form,
        decided_by={role.value: tools.versions_where(partial(_decides, role)) for role in READERS},
        diaries=tools.versions_where(lambda version: version.one_per == OnePer.MENTEE_SESSION),
    )
    if found is None:
        return None
    give_versions(standing, [found])
    name = (found.subject or found.author).get_short_name()
    return Following(f"{found.title}, {name}", reverse("responses:form-detail", args=[found.pk]))


def _decides(role: Role, version: ToolVersion) -> bool:
    return version.filing == Filing.AFTER_ACCEPTANCE and role.value in version.accepted_by
