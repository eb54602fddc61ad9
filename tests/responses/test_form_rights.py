"""Who writes in a form is one rule: what a query finds, and what the page asks of one form."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from core.policy.roles import Action, Audience, Role
from mentoring.models import MentoringGroup
from mentoring.standing import Standing
from responses_app.models import FormResponse, FormState, FormSubmission
from responses_app.services.rights import may_read, response_rights
from tests.cast import World
from tools.fields.questions import is_later_part, questions_of, writes
from tools.models import Tool, ToolVersion
from tools.subjects import about

pytestmark = pytest.mark.django_db


def written(
    group: MentoringGroup, version: ToolVersion, author: User, subject: User | None, state: FormState, audience: str
) -> FormResponse:
    """Make a form in a state, as the services would have left it; `session` keeps it apart from the others."""
    form = FormResponse.objects.create(
        group=group, tool_version=version, author=author, subject=subject, state=state, audience=audience,
        session_key=f"{state}-{audience}-{author.pk}",
    )  # fmt: skip
    if state != FormState.DRAFT:
        form.latest = FormSubmission.objects.create(
            form=form, number=1, answers={}, language="en", audience=audience, submitted_by=author
        )
        form.save()
    return form


def pairs(world: World, version: ToolVersion) -> list[tuple[User, User | None]]:
    """Return writers and whom they write about: those who fill the tool in, and one whose role does not any more."""
    cast = world.cast
    people = {Role.MANAGER: cast.egle, Role.MENTOR: cast.rasa, Role.MENTEE: cast.milda}
    subjects = [people[role] for role in about(version).roles] or [None]
    return [(people[Role(role)], subject) for role in version.filled_by for subject in subjects] + [
        (cast.jonas, subjects[0])
    ]


@pytest.fixture
def every_form(world: World) -> list[FormResponse]:
    """Return forms of every tool of the pack, in every state, for several readers."""

    def made() -> Iterator[FormResponse]:
        for tool in Tool.objects.of_pack(world.programme.pack_id):
            version = tool.current
            assert version is not None
            for author, subject in pairs(world, version):
                for state in FormState:
                    for audience in dict.fromkeys([version.audience, Audience.MENTOR, Audience.MANAGER]):
                        yield written(world.group, version, author, subject, state, audience)

    return list(made())


def may_write(form: FormResponse, user: User, *, reads: bool) -> bool:
    """Say by the rule of one form whether the person writes in it, or adds a part to what they read."""
    rights = response_rights(form, user)
    later = any(writes(each, rights.role) and is_later_part(form.tool_version, each) for each in rights.readable)
    return rights.is_writer or (later and reads and form.latest_id is not None)


def test_the_query_finds_what_the_rule_of_one_form_says(world: World, every_form: list[FormResponse]) -> None:
    assert len({(form.tool_version_id, form.state) for form in every_form}) == 14 * len(FormState)
    found = {}
    for name, person in world.cast.everybody().items():
        standing = Standing.of(person)
        reads = set(FormResponse.objects.allowing(standing, Action.VIEW).values_list("pk", flat=True))
        by_query = set(FormResponse.objects.allowing(standing, Action.FILL).values_list("pk", flat=True))
        by_rule = {form.pk for form in every_form if may_write(form, person, reads=form.pk in reads)}
        assert by_query == by_rule, name
        assert by_query <= reads, name
        assert reads == {form.pk for form in every_form if may_read(standing, form)}, name
        found[name] = len(by_query)
    assert {name for name, count in found.items() if count} == {"egle", "rasa", "milda"}


def test_only_the_manager_adds_to_a_profile(world: World) -> None:
    profile = Tool.objects.get(pack=world.programme.pack, key="mentee_profile").current
    assert profile is not None
    assert (profile.part_by_manager, profile.part_by_mentor, profile.part_by_mentee) == (True, False, False)
    assert {question.key for question in questions_of(profile) if is_later_part(profile, question)}
