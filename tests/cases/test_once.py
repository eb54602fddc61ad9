"""Once means once: the same form arrives twenty times at the same moment, as on a slow line without scripts."""

import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Mail, User
from checklist.services.items import ensure_items
from core.days import programme_today
from core.models import DomainEvent
from core.policy.roles import ProgrammeRole, Stage
from core.web.once import new_key
from documents.models import AboutCorrection, Source
from documents.services import filing
from mentoring.models import Invitation, Membership, MentoringGroup, StageChange
from mentoring.services import groups, stages
from mentoring.services.memberships import enrol
from responses_app.models import FormComment, FormResponse
from tests.cast import World
from tests.documents import sent_files
from tests.documents.filled import DIARY, begun, diary_of, handed_in, held_session, stored
from tests.pack_tools import tool

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("local_files")]

AsUser = Callable[[User], Client]
TIMES = 20


def together(send: Callable[[], Any]) -> list[int]:
    """Do the same `TIMES` times at once; returns the status of each answer."""
    answers: list[int] = []
    ready = threading.Barrier(TIMES)

    def one() -> None:
        ready.wait()
        try:
            answers.append(send().status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def post(client: Client, url: str, sent: dict[str, Any]) -> Callable[[], Any]:
    cookies = client.cookies

    def send() -> Any:
        own = Client()
        own.cookies = cookies
        return own.post(url, sent)

    return send


def test_an_invitation_is_one_invitation_and_one_mail(world: World, as_user: AsUser) -> None:
    url = reverse("mentoring:invitation-create", args=[world.programme.pk])
    sent = {"email": "new@example.org", "role": "mentee", "language": "en", "once": new_key()}
    answers = together(post(as_user(world.cast.egle), url, sent))
    assert answers == [302] * TIMES
    assert Invitation.objects.filter(email="new@example.org").count() == 1
    assert Mail.objects.filter(to="new@example.org").count() == 1


def test_a_group_is_paused_once(world: World, as_user: AsUser) -> None:
    url = reverse("mentoring:group-exit", args=[world.group.pk, "pause"])
    egle, sent = as_user(world.cast.egle), {"reason": "Holidays", "once": new_key()}
    assert together(post(egle, url, sent)) == [302] * TIMES
    paused = StageChange.objects.filter(group=world.group, to_stage=Stage.PAUSED)
    assert paused.count() == 1
    assert egle.post(url, {**sent, "once": new_key()}).status_code == 422  # another page: it is paused already
    stages.resume(group=MentoringGroup.objects.get(pk=world.group.pk), by=world.cast.egle)
    assert egle.post(url, sent).status_code == 302  # the old page, once the pause is over: paused anew
    assert paused.count() == 2


def test_a_group_goes_on_once_and_where_it_was(world: World, as_user: AsUser) -> None:
    group = MentoringGroup.objects.get(pk=world.group.pk)
    before = group.stage
    stages.pause(group=group, by=world.cast.egle, reason="Holidays")
    together(post(as_user(world.cast.egle), reverse("mentoring:group-resume", args=[group.pk]), {}))
    assert StageChange.objects.filter(group=group, from_stage=Stage.PAUSED).count() == 1
    group.refresh_from_db()
    assert group.stage == before


def test_a_group_goes_one_stage_further_not_three(world: World, as_user: AsUser) -> None:
    group = MentoringGroup.objects.get(pk=world.group.pk)
    following = stages.next_stage(group)
    url = reverse("mentoring:stage-change", args=[group.pk])
    sent = {"stage": group.stage, "reason": "Agreed by phone", "once": new_key()}
    assert together(post(as_user(world.cast.egle), url, sent)) == [302] * TIMES
    group.refresh_from_db()
    assert group.stage == following


def test_a_member_joins_once(world: World, as_user: AsUser) -> None:
    petar = world.cast.petar
    url = reverse("mentoring:member-create", args=[world.group.pk])
    sent = {"role": "mentor", "person": petar.pk, "once": new_key()}
    egle = as_user(world.cast.egle)
    assert together(post(egle, url, sent)) == [302] * TIMES
    assert Membership.objects.live().filter(group=world.group, user=petar).count() == 1
    # Later, when the person is not offered any more; and from another page.
    assert egle.post(url, sent).status_code == 302
    assert egle.post(url, {**sent, "once": new_key()}).status_code == 422


def test_a_mentor_is_chosen_once_and_replaced_once(world: World, as_user: AsUser) -> None:
    egle, (petar, sofia) = as_user(world.cast.egle), (world.cast.petar, world.cast.sofia)
    for person in (petar, sofia):
        enrol(programme_id=world.programme.pk, user=person, role=ProgrammeRole.MENTOR)
    url = reverse("mentoring:mentor-choose", args=[world.group.pk])
    assert together(post(egle, url, {"person": petar.pk, "once": new_key()})) == [302] * TIMES
    old = Membership.objects.live().get(group=world.group, user=petar)
    url = reverse("mentoring:mentor-replace", args=[old.pk])
    sent = {"person": sofia.pk, "reason": "Away", "once": new_key()}
    assert together(post(egle, url, sent)) == [302] * TIMES
    assert egle.post(url, sent).status_code == 302
    assert Membership.objects.filter(group=world.group, user__in=[petar, sofia]).count() == 2


def test_a_form_and_a_paper_are_moved_once(world: World, as_user: AsUser) -> None:
    rasa, egle = world.cast.rasa, as_user(world.cast.egle)
    first, second, third = (held_session(world, key).session_key for key in ("e1", "e2", "e3"))
    form = begun(world, "participants_list", rasa, session_key=first)
    FormResponse.objects.update(lock=1)
    url = reverse("responses:form-move", args=[form.pk])
    sent = {"session_key": second, "reason": "Zthat one", "once": new_key()}
    assert together(post(as_user(rasa), url, sent)) == [302] * TIMES
    assert as_user(rasa).post(url, {**sent, "once": new_key()}).status_code == 422
    version = filing.file_version(
        group=world.group, tool_version=tool("participants_list").current, subject=None, session_key=first,
        session_title={"en": "A session"}, author=world.cast.egle, audience="group", content=sent_files.pdf(pages=1),
        pages=1, language="en", source=Source.UPLOADED, created_by=world.cast.egle,
    )  # fmt: skip
    url = reverse("responses:document-about", args=[version.document_id])
    sent = {"session_key": third, "reason": "Zthat one", "once": new_key()}
    assert together(post(egle, url, sent)) == [302] * TIMES
    assert AboutCorrection.objects.count() == 1


def test_a_comment_is_one_and_another_text_with_the_same_key_is_another(world: World, as_user: AsUser) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    client, key = as_user(world.cast.rasa), new_key()
    url = reverse("responses:form-comment", args=[diary.pk])
    together(post(client, url, {"text": "Well done", "once": key}))
    assert [each.text for each in FormComment.objects.all()] == ["Well done"]
    client.post(url, {"text": "Well done, Milda", "once": key})
    assert [each.text for each in FormComment.objects.order_by("pk")] == ["Well done", "Well done, Milda"]


def test_a_second_press_on_handing_in_leads_where_the_first_does(world: World, as_user: AsUser) -> None:
    diary = diary_of(world, world.cast.milda)
    client = as_user(world.cast.milda)
    url = reverse("responses:form-submit", args=[diary.pk])
    answers = together(post(client, url, {**DIARY, "lock": stored(diary).lock}))
    assert answers == [302] * TIMES
    assert diary.submissions.count() == 1


def test_who_returns_a_form_twice_returns_it(world: World, as_user: AsUser) -> None:
    diary = diary_of(world, world.cast.milda)
    submission = handed_in(diary, world.cast.milda, DIARY)
    url = reverse("responses:form-return", args=[diary.pk])
    answers = together(post(as_user(world.cast.rasa), url, {"note": "Zmore", "number": submission.number}))
    assert answers == [302] * TIMES
    assert DomainEvent.objects.filter(kind="form.returned").count() == 1


def test_somebody_leaves_once(world: World, as_user: AsUser) -> None:
    membership = Membership.objects.live().get(group=world.group, user=world.cast.tomas)
    url = reverse("mentoring:member-end", args=[membership.pk])
    together(post(as_user(world.cast.egle), url, {"reason": "Moved away"}))
    assert (
        DomainEvent.objects.filter(kind="membership.ended", target=f"mentoring.membership:{membership.pk}").count() == 1
    )


def test_of_two_who_replace_the_mentor_one_does(world: World, as_user: AsUser) -> None:
    mentor = Membership.objects.live().get(group=world.group, role="mentor")
    people = [world.cast.petar, world.cast.sofia]
    for person in people:
        enrol(programme_id=world.programme.pk, user=person, role=ProgrammeRole.MENTOR)
    client, url = as_user(world.cast.egle), reverse("mentoring:mentor-replace", args=[mentor.pk])
    sends = itertools.cycle([post(client, url, {"person": each.pk, "reason": "Away"}) for each in people])
    answers = together(lambda: next(sends)())
    assert answers.count(302) == 1
    assert Membership.objects.live().filter(group=world.group, role="mentor").count() == 1
    assert DomainEvent.objects.filter(kind="membership.ended", target=f"mentoring.membership:{mentor.pk}").count() == 1


def test_a_tool_is_waived_once_and_asked_for_again_once(world: World, as_user: AsUser) -> None:
    ensure_items(group=MentoringGroup.objects.select_related("programme__pack").get(pk=world.group.pk))
    client, place = as_user(world.cast.egle), [world.group.pk, "contract"]
    together(post(client, reverse("checklist:checklist-waive", args=place), {"reason": "Known well"}))
    together(post(client, reverse("checklist:checklist-unwaive", args=place), {}))
    for kind in ("checklist.waived", "checklist.unwaived"):
        assert DomainEvent.objects.filter(kind=kind).count() == 1


def test_an_empty_group_is_deleted_once_and_gone_for_others(world: World, as_user: AsUser) -> None:
    group = groups.open_group(
        programme=world.programme, name="Zempty", starts_on=programme_today(), ends_on=programme_today(),
        opened_by=world.cast.egle,
    )  # fmt: skip
    egle, url, sent = as_user(world.cast.egle), reverse("mentoring:group-remove", args=[group.pk]), {"once": new_key()}
    assert together(post(egle, url, sent)) == [302] * TIMES
    assert egle.post(url, sent).headers["Location"] == reverse("mentoring:group-list")
    # From another page, by somebody else, or another act: it is not there.
    assert egle.post(url, {"once": new_key()}).status_code == 404
    assert as_user(world.cast.rasa).post(url, sent).status_code == 404
    assert egle.post(reverse("mentoring:group-edit", args=[group.pk]), sent).status_code == 404
