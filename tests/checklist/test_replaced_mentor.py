"""Who takes a Mentor's place has not signed the contract: it is asked for anew, as the page of replacing says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem, ChecklistSummary
from checklist.services.items import ensure_items
from checklist.services.reminders import missing_signers, remind
from core.days import programme_today
from core.policy.roles import ProgrammeRole, Role, Stage
from documents.models import Document
from mentoring.models import Membership, MentoringGroup, StageChange
from mentoring.services.memberships import add_member, end_membership, enrol, replace_mentor
from rendering.models import Rendering
from rendering.services import renderings
from responses_app import services as forms
from responses_app.models import FormResponse, FormSubmission
from tests.cast import World
from tests.documents.batches import filed
from tests.documents.filled import DIARY, diary_of, handed_in, stored
from tests.pack_tools import tool, version_of
from tests.telling import leads_to, reminders
from uploads import choices as upload_choices

SignIn = Callable[..., Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_files")]


CONTRACT = {
    "concluded_on": "2026-11-02", "starts_on": "2026-11-02", "ends_on": "2027-04-02", "meetings_total": "10",
    "meetings_in_person": "3", "rhythm": "weekly", "meeting_minutes": "60", "channels": ["email"], "reply_days": "2",
    "notice_hours": "24", "kept_months": "12",
}  # fmt: skip


def make_pdfs(commit: Any) -> None:
    with commit():
        for key in Rendering.objects.filter(state="queued").values_list("pk", flat=True):
            renderings.run(key)


def row(world: World) -> ChecklistItem:
    return ChecklistItem.objects.get(group=world.group, tool_version__tool__key="contract")


def written_again(form: FormResponse, writer: User) -> FormSubmission:
    """Open a contract again and hand it in, concluded today."""
    forms.reopen_form(form=stored(form), user=writer)
    return handed_in(form, writer, {**stored(form).answers, "concluded_on": programme_today().isoformat()})


@pytest.fixture
def replaced(world: World, commit: Any) -> Membership:
    filed(world.group, world.cast.rasa, commit)
    assert row(world).state == "done"
    enrol(programme_id=world.programme.pk, user=world.cast.jonas, role=ProgrammeRole.MENTOR)
    old = world.group.memberships.live().get(role="mentor")
    with commit():
        replace_mentor(group=world.group, old=old, new=world.cast.jonas, by=world.cast.egle, reason="Moved away")
    return old


def test_the_contract_is_asked_for_anew(world: World, as_user: SignIn, replaced: Membership) -> None:
    assert row(world).state == "waiting"
    members = list(world.group.memberships.live())
    assert missing_signers(item=row(world), members=members) == [world.cast.jonas]
    page = as_user(world.cast.egle).get(reverse("checklist:checklist-cell", args=[world.group.pk, "contract"]))
    assert "Jonas Vaitkus" in page.content.decode()
    assert "Collect signatures and add: Mentoring contract" in as_user(world.cast.jonas).get("/").content.decode()


def test_the_days_are_right(world: World, replaced: Membership) -> None:
    replaced.refresh_from_db()
    new = world.group.memberships.live().get(role="mentor")
    assert (replaced.left_on, new.starts_on) == (programme_today(), programme_today())


def test_the_clock_of_the_one_who_came_is_their_own(world: World, replaced: Membership) -> None:
    due = row(world).due_on
    assert due is not None
    assert due >= programme_today()
    ensure_items(group=world.group)
    assert row(world).due_on == due


def test_nobody_is_late_with_a_version_that_only_the_new_one_has_signed(
    world: World, as_user: SignIn, replaced: Membership, commit: Any
) -> None:
    filed(world.group, world.cast.jonas, commit, note="With the new Mentor", signed_by=[world.cast.jonas])
    with commit():
        end_membership(membership=world.group.memberships.live().get(user=world.cast.tomas), by=world.cast.egle)
    found = row(world)
    assert found.state == "waiting"
    assert found.due_on is not None
    assert found.due_on >= programme_today()


def test_no_page_says_that_all_have_signed(world: World, as_user: SignIn, replaced: Membership) -> None:
    document = Document.objects.get()
    folder = reverse("documents:folder-detail", args=[document.folder_id])
    for page in (folder, reverse("documents:document-detail", args=[document.pk])):
        text = as_user(world.cast.egle).get(page).text
        assert "Signed by all" not in text
        assert "Signed by 4 of 5" in text
    shown = as_user(world.cast.egle).get(reverse("documents:document-detail", args=[document.pk])).context
    assert len(shown["signers"]) == 4
    assert [each.full_name for each in shown["missing_signers"]] == ["Jonas Vaitkus"]
    assert shown["also_signed"] == [world.cast.rasa]
    assert "Signed too, though no longer needed" in text
    cell = as_user(world.cast.egle).get(reverse("checklist:checklist-cell", args=[world.group.pk, "contract"])).text
    assert "A new version needs the signatures of all." in cell


def test_it_is_done_when_who_was_missing_leaves(world: World, commit: Any) -> None:
    signed = upload_choices.signers(world.group, version_of(world.group, "contract"))
    filed(world.group, world.cast.rasa, commit, signed_by=[each for each in signed if each != world.cast.tomas])
    assert row(world).state == "waiting"
    with commit():
        end_membership(membership=world.group.memberships.live().get(user=world.cast.tomas), by=world.cast.egle)
    assert row(world).state == "done"


def test_the_answer_of_the_mentor_who_left_stays_the_mentors_answer(world: World, as_user: SignIn) -> None:
    milda, rasa = world.cast.milda, world.cast.rasa
    diary = diary_of(world, milda)
    handed_in(diary, milda, DIARY)
    forms.add_comment(form=stored(diary), user=rasa, text="Well done")
    enrol(programme_id=world.programme.pk, user=world.cast.jonas, role=ProgrammeRole.MENTOR)
    old = world.group.memberships.live().get(role="mentor")
    replace_mentor(group=world.group, old=old, new=world.cast.jonas, by=world.cast.egle, reason="Moved away")
    page = as_user(milda).get(reverse("responses:form-detail", args=[diary.pk])).text
    assert "Your Mentor has answered it, so it stays as it is." in page
    assert "Mentor’s answer" in page
    with pytest.raises(forms.NotPossibleError):
        forms.reopen_form(form=stored(diary), user=milda)


def test_a_contract_made_anew_names_the_new_mentor_and_keeps_what_was_written(world: World, as_user: SignIn) -> None:
    egle = world.cast.egle
    form = forms.start_form(group=world.group, tool=tool("contract"), user=egle)
    key = next(key for key, value in form.answers.items() if isinstance(value, str) and "Rasa" in value)
    FormResponse.objects.filter(pk=form.pk).update(state="filed")
    enrol(programme_id=world.programme.pk, user=world.cast.jonas, role=ProgrammeRole.MENTOR)
    Membership.objects.filter(group=world.group, ends_on__isnull=False).delete()
    Membership.objects.filter(group=world.group).update(starts_on=programme_today() - timedelta(days=30))
    old = world.group.memberships.live().get(role="mentor")
    FormResponse.objects.filter(pk=form.pk).update(created_at=timezone.now() - timedelta(days=20))
    replace_mentor(group=world.group, old=old, new=world.cast.jonas, by=egle, reason="Moved away")
    again = forms.reopen_form(form=stored(form), user=egle)
    assert "Jonas Vaitkus, Mentor" in again.answers[key]
    assert "Rasa" not in again.answers[key]
    own = "Rasa, who knows the trade"
    FormResponse.objects.filter(pk=form.pk).update(state="filed", answers={**again.answers, key: own})
    assert forms.reopen_form(form=stored(form), user=egle).answers[key] == own


def test_a_contract_that_does_not_name_who_came_is_written_again_first(
    world: World, as_user: SignIn, commit: Any
) -> None:
    cast, url = world.cast, reverse("checklist:checklist-cell", args=[world.group.pk, "contract"])
    form = forms.start_form(group=row(world).group, tool=tool("contract"), user=cast.egle)
    handed_in(form, cast.egle, {**stored(form).answers, **CONTRACT})
    filed(world.group, cast.rasa, commit)
    egle = as_user(cast.egle)
    assert "Write it again" not in egle.get(url).text
    enrol(programme_id=world.programme.pk, user=cast.jonas, role=ProgrammeRole.MENTOR)
    with commit():
        replace_mentor(
            group=world.group, old=world.group.memberships.live().get(role="mentor"), new=cast.jonas, by=cast.egle,
            reason="Moved away",
        )  # fmt: skip
    said = egle.get(url).text
    assert "Not named in it" in said
    everybody = {each.user for each in world.group.memberships.live()}
    assert set(egle.get(url).context["missing"]) == everybody
    assert egle.get(url).context["unnamed"] == [cast.jonas]
    assert said.index("Write it again") < said.index("Add the signed document")
    written_again(form, cast.egle)
    said = egle.get(url).text
    assert "Not named in it" not in said
    assert "Still to sign" in said


@pytest.fixture
def unnamed(world: World, commit: Any) -> FormResponse:
    """A contract that was written and signed, then the Mentor was replaced: it does not name the new one."""
    cast = world.cast
    form = forms.start_form(group=row(world).group, tool=tool("contract"), user=cast.egle)
    handed_in(form, cast.egle, {**stored(form).answers, **CONTRACT})
    filed(world.group, cast.rasa, commit)
    enrol(programme_id=world.programme.pk, user=cast.jonas, role=ProgrammeRole.MENTOR)
    old = world.group.memberships.live().get(role="mentor")
    with commit():
        replace_mentor(group=world.group, old=old, new=cast.jonas, by=cast.egle, reason="Moved away")
    return form


def test_nobody_is_said_to_have_signed_what_does_not_name_them(
    world: World, as_user: SignIn, unnamed: FormResponse
) -> None:
    cast, document = world.cast, Document.objects.get()
    egle, url = as_user(cast.egle), reverse("documents:document-signatures", args=[document.pk])
    offered = egle.get(url).context["form"].people
    assert str(cast.jonas.pk) not in offered
    assert {str(person.pk) for person in (cast.egle, cast.rasa, cast.milda)} <= set(offered)
    sent = {"signed_by": [*offered, cast.jonas.pk], "reason": "They all did"}
    assert egle.post(url, sent).status_code == 422
    assert row(world).state == "waiting"


def test_reminding_asks_nobody_to_sign_what_does_not_name_them(
    world: World, as_user: SignIn, unnamed: FormResponse
) -> None:
    cast, contract = world.cast, tool("contract")
    url = reverse("checklist:checklist-cell", args=[world.group.pk, "contract"])
    ChecklistItem.objects.filter(group=world.group).update(opens_on=None, due_on=programme_today())
    # The only one who writes it is the one who would ask: she writes it again herself.
    parts = as_user(cast.egle).get(url).context["parts"]
    assert [item.may_remind for part in parts for item in part.rows] == [False]
    assert remind(group=world.group, tool=contract, by=cast.egle) == []
    add_member(group=world.group, user=cast.boris, role=Role.MANAGER, by=cast.egle)
    assert remind(group=world.group, tool=contract, by=cast.egle) == [cast.boris]
    mail = reminders().get()
    assert mail.subject == "Still to do: Mentoring contract"
    assert leads_to(mail) == f"/groups/{world.group.pk}/forms/contract/"
    # Written again, it waits for signatures.
    ChecklistItem.objects.filter(group=world.group).update(reminded_at=None)
    written_again(unnamed, cast.egle)
    assert cast.jonas in remind(group=world.group, tool=contract, by=cast.egle)


def test_an_old_page_that_asks_to_remind_of_signatures_is_told_what_comes_first(
    world: World, as_user: SignIn, unnamed: FormResponse
) -> None:
    ChecklistItem.objects.filter(group=world.group).update(opens_on=None, due_on=programme_today())
    url = reverse("checklist:checklist-remind", args=[world.group.pk, "contract"])
    said = as_user(world.cast.egle).post(url, follow=True).text
    assert "“Mentoring contract” is written again with the people of today first, then signed by all." in said
    link = reverse("responses:form-start", args=[world.group.pk, "contract"])
    assert f'<a href="{link}">Write it again</a>' in said
    assert "everyone concerned was reminded" not in said


def test_first_screens_ask_to_write_it_again_first(world: World, as_user: SignIn, unnamed: FormResponse) -> None:
    cast = world.cast
    mentor, manager = as_user(cast.jonas), as_user(cast.egle)
    ChecklistItem.objects.filter(group=world.group).update(opens_on=None)
    ChecklistItem.objects.filter(pk=row(world).pk).update(due_on=programme_today() - timedelta(days=2))
    ChecklistSummary.objects.filter(group=world.group, tool=tool("contract")).update(
        first_due=programme_today() - timedelta(days=2)
    )
    again = "It does not name Jonas Vaitkus: it is written again first, then signed by all."
    said = mentor.get("/").text
    assert "Collect signatures" not in said
    assert "To be signed anew: Mentoring contract" in said
    assert "First it is written again (Manager), then all sign." in said
    assert again in manager.get("/").text
    written_again(unnamed, cast.egle)
    assert "Collect signatures and add: Mentoring contract" in mentor.get("/").text
    said = manager.get("/").text
    assert "written again" not in said
    assert "Missing the signature of Jonas Vaitkus." in said


def test_what_is_written_anew_is_asked_for_anew_and_nobody_is_late_with_it(
    world: World, as_user: SignIn, unnamed: FormResponse, commit: Any
) -> None:
    cast = world.cast
    MentoringGroup.objects.filter(pk=world.group.pk).update(created_at=timezone.now() - timedelta(days=60))
    members = Membership.objects.filter(group=world.group)
    members.exclude(user=cast.jonas).update(starts_on=programme_today() - timedelta(days=60))
    MentoringGroup.objects.filter(pk=world.group.pk).update(starts_on=programme_today() - timedelta(days=60))
    with commit():
        written_again(unnamed, cast.egle)
    make_pdfs(commit)
    ensure_items(group=MentoringGroup.objects.get(pk=world.group.pk))
    found = row(world)
    assert found.state == "waiting"
    assert found.due_on is not None
    assert found.due_on >= programme_today()
    # The list, the reminder, the row and the document agree: everybody signs the new one.
    live = list(world.group.memberships.live())
    assert set(missing_signers(item=found, members=live)) == {each.user for each in live}
    page = as_user(cast.egle).get(reverse("documents:document-detail", args=[Document.objects.get().pk])).text
    assert "To be signed" in page


def test_a_contract_written_anew_is_not_late_at_once(world: World, commit: Any) -> None:
    cast = world.cast
    form = forms.start_form(group=row(world).group, tool=tool("contract"), user=cast.egle)
    handed_in(form, cast.egle, {**stored(form).answers, **CONTRACT})
    filed(world.group, cast.rasa, commit)
    assert row(world).state == "done"
    ChecklistItem.objects.filter(pk=row(world).pk).update(due_on=programme_today() - timedelta(days=50))
    with commit():
        forms.reopen_form(form=stored(form), user=cast.egle)
        handed_in(form, cast.egle, {**stored(form).answers, "reply_days": "3"})
    make_pdfs(commit)
    found = row(world)
    assert found.state == "waiting"
    assert found.due_on is not None
    assert found.due_on > programme_today()


def test_the_group_page_calls_no_contract_signed_that_does_not_name_everyone(
    world: World, as_user: SignIn, unnamed: FormResponse
) -> None:
    group = world.group
    group.stage = Stage.RUNNING
    group.save(update_fields=["stage"])
    url = reverse("mentoring:group-detail", args=[group.pk])
    lost = "“Mentoring contract” must be written again and signed by all: it does not name Jonas Vaitkus."
    for person in (world.cast.jonas, world.cast.milda):
        page = as_user(person).get(url)
        station = next(each for each in page.context["stages"] if each["title"] == "Contract signed")
        assert (station["state"], station["chip_text"]) == ("later", "Not complete now")
        assert lost in page.text
    # What a Manager goes on without, with a reason, is not missed.
    StageChange.objects.create(group=group, to_stage=Stage.CONTRACTED, reason="By post", waived_gates=["contract"])
    page = as_user(world.cast.milda).get(url)
    assert lost not in page.text
    station = next(each for each in page.context["stages"] if each["title"] == "Contract signed")
    assert station["state"] == "done"
