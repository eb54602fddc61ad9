"""The demo programme: loaded once for all tests of this file."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from accounts.models import User
from checklist.models import ChecklistItem, ItemState
from core.models import DomainEvent
from core.policy.roles import Action, Stage
from demo.load import PASSWORD, load_demo, sign_ins
from documents.models import DocumentVersion, Source
from mentoring.models import Invitation, MentoringGroup, Programme, StageChange
from mentoring.standing import Standing
from rendering.models import Rendering
from rendering.services import renderings
from responses_app.models import FormComment, FormResponse, FormState
from sessions_app.models import PlannedSession
from uploads.models import UploadPage


def group(name: str) -> MentoringGroup:
    return MentoringGroup.objects.get(name=name)


def person(mailbox: str) -> User:
    return User.objects.get(email=f"{mailbox}@demo.example")


@pytest.mark.xdist_group("demo")  # else each process of a parallel run loads it
class TestDemo(TestCase):
    """A Django test case, since that loads something once and takes it back after the last test."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Load the demo programme."""
        load_demo()

    def test_one_programme_with_five_groups_in_different_stages(self) -> None:
        programme = Programme.objects.get(code="STW")
        assert str(programme).startswith("Steps to Work ")
        assert programme.organisation.name == "Vilnius Adult Learning Centre"
        stages = dict(programme.groups.values_list("name", "stage"))
        assert stages["Нов път"] == Stage.FORMING
        assert stages["Tiltas"] == Stage.MATCHED
        assert stages["Хоризонт"] == Stage.CLOSING
        assert stages["Polku"] == Stage.ENDED_EARLY
        assert len(stages) == 5

    def test_a_group_runs_once_the_photos_of_its_contract_are_one_pdf(self) -> None:
        rendering = Rendering.objects.get(kind="photos")
        assert group("Žingsnis").stage == Stage.MATCHED
        renderings.run(rendering.pk)
        assert group("Žingsnis").stage == Stage.RUNNING
        version = DocumentVersion.objects.get(rendering=rendering)
        assert (version.source, version.number, version.pages) == (Source.PHOTOS, 2, 3)
        assert version.signatures.count() == 6
        assert UploadPage.objects.filter(batch=version.batch, notes__icontains="upright").exists()
        last = StageChange.objects.filter(group=group("Žingsnis")).last()
        assert last is not None
        assert last.changed_at == version.created_at < timezone.now() - timedelta(days=40)

    def test_the_sign_ins_open(self) -> None:
        for shown in sign_ins():
            assert User.objects.get(email=shown.email).check_password(PASSWORD)
        admin = person("admin")
        assert admin.is_superuser
        assert admin.is_staff
        assert not User.objects.filter(email__endswith="@demo.example", is_staff=True).exclude(pk=admin.pk).exists()

    def test_the_mentee_has_a_diary_to_write(self) -> None:
        due = ChecklistItem.objects.get(
            subject=person("mentee"),
            state=ItemState.TODO,
            opens_on__lte=timezone.localdate(),
            tool_version__one_per="mentee_session",
        )
        assert due.due_on is not None
        assert due.due_on >= timezone.localdate()

    def test_the_mentor_has_diaries_to_read_and_a_contract_to_scan(self) -> None:
        mentor = person("mentor")
        handed_in = (
            FormResponse.objects.allowing(Standing.of(mentor), Action.VIEW)
            .of_tool("diary")
            .filter(latest__isnull=False)
        )
        assert handed_in.exclude(latest__reads__user=mentor).count() == 2
        contract = ChecklistItem.objects.get(group=group("Tiltas"), tool_version__tool__key="contract")
        assert contract.state == ItemState.WAITING
        assert contract.due_on is not None
        assert contract.due_on < timezone.localdate()

    def test_the_manager_has_late_due_waiting_and_waived_cells(self) -> None:
        today = timezone.localdate()
        mine = ChecklistItem.objects.allowing(Standing.of(person("manager")), Action.VIEW)
        late = mine.filter(state=ItemState.TODO, due_on__lt=today)
        # Nobody meets on Sundays: the session may have been a day earlier.
        assert (today - late.get(subject=person("elena"), session_key__startswith="session").due_on).days in {9, 10}  # type: ignore[operator]
        assert mine.filter(state=ItemState.TODO, due_on__range=(today, today + timedelta(days=7))).exists()
        waiting = FormResponse.objects.of_tool("mentee_profile").filter(
            group__name="Нов път", state=FormState.SUBMITTED
        )
        assert waiting.count() == 2
        waived = mine.filter(state=ItemState.WAIVED, group__name="Tiltas").get()
        assert waived.waived_reason
        assert FormResponse.objects.filter(state=FormState.RETURNED, latest__decision_note__gt="").exists()
        assert Invitation.objects.open().count() == 1

    def test_nothing_has_happened_in_the_future_and_much_in_the_past(self) -> None:
        now = timezone.now()
        assert not DomainEvent.objects.filter(happened_at__gt=now).exists()
        assert not FormComment.objects.filter(written_at__gt=now).exists()
        first = DomainEvent.objects.filter(kind="group.opened").order_by("happened_at").first()
        assert first is not None
        assert (now - first.happened_at).days > 300
        states = set(PlannedSession.objects.values_list("state", flat=True))
        assert states == {"planned", "held", "cancelled"}

    def test_texts_are_written_by_people_of_several_countries(self) -> None:
        texts = " ".join(str(answers) for answers in FormResponse.objects.values_list("answers", flat=True))
        for letters in ("[а-яЪъЩщ]", "[ąčęėįšųūž]", "[äö]"):
            assert re.search(letters, texts)
        assert not re.search(r"lorem|ipsum|TODO|xxx", texts, re.IGNORECASE)
        diaries = list(FormResponse.objects.of_tool("diary").values_list("answers__done", flat=True))
        assert len(diaries) == len(set(diaries)) > 50

    def test_a_mentee_of_another_group_finds_nothing_of_the_first(self) -> None:
        hanna = person("hanna")
        assert set(MentoringGroup.objects.allowing(Standing.of(hanna), Action.VIEW)) == {group("Polku")}
        assert not FormResponse.objects.allowing(Standing.of(hanna), Action.VIEW).exclude(group=group("Polku")).exists()

    def test_a_second_run_changes_nothing(self) -> None:
        before = (DomainEvent.objects.count(), User.objects.count(), Rendering.objects.count())
        assert load_demo() == 0
        assert (DomainEvent.objects.count(), User.objects.count(), Rendering.objects.count()) == before

    @override_settings(DEMO_ALLOWED=True)
    def test_the_command_prints_the_sign_ins(self) -> None:
        out = StringIO()
        call_command("load_demo", stdout=out)
        printed = out.getvalue()
        assert PASSWORD in printed
        for mailbox in ("admin", "manager", "mentor", "mentee"):
            assert f"{mailbox}@demo.example" in printed

    @override_settings(DEMO_ALLOWED=False)
    def test_the_command_refuses_where_no_demo_is_allowed(self) -> None:
        with pytest.raises(CommandError, match="DEMO_ALLOWED"):
            call_command("load_demo")
