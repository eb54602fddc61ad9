"""A contract that is written again for a new Mentor never says that it was concluded before that Mentor came."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.days import programme_today
from core.policy.roles import ProgrammeRole, Role
from mentoring.models import Membership
from mentoring.services.memberships import add_member, end_membership, enrol, replace_mentor
from responses_app import services as forms
from responses_app.models import FormResponse
from tests.cast import World
from tests.checklist.test_replaced_mentor import CONTRACT
from tests.documents.filled import begun, handed_in, stored

SignIn = Callable[..., Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_files")]
REFUSED = "Jonas Vaitkus joined the group on"


def day(ago: int) -> str:
    return (programme_today() - timedelta(days=ago)).isoformat()


def replace(world: World) -> None:
    enrol(programme_id=world.programme.pk, user=world.cast.jonas, role=ProgrammeRole.MENTOR)
    old = world.group.memberships.live().get(role="mentor")
    replace_mentor(group=world.group, old=old, new=world.cast.jonas, by=world.cast.egle, reason="Moved away")


@pytest.fixture
def contract(world: World) -> FormResponse:
    """The contract, concluded a month ago for a month, of a group whose Mentor was replaced today."""
    Membership.objects.filter(group=world.group).update(starts_on=programme_today() - timedelta(days=50))
    Membership.objects.filter(group=world.group, ends_on__isnull=False).delete()
    form = begun(world, "contract", world.cast.egle)
    days = {"concluded_on": day(40), "starts_on": day(40), "ends_on": day(4)}
    handed_in(form, world.cast.egle, {**stored(form).answers, **CONTRACT, **days})
    replace(world)
    return form


def test_writing_it_again_leads_to_writing_and_asks_when_it_is_concluded(
    world: World, as_user: SignIn, contract: FormResponse
) -> None:
    egle = as_user(world.cast.egle)
    cell = egle.get(reverse("checklist:checklist-cell", args=[world.group.pk, "contract"]))
    reopen = reverse("responses:form-reopen", args=[contract.pk])
    assert cell.context["reopen_url"] == reopen
    assert f'action="{reopen}"' in cell.text
    said = egle.post(reopen, follow=True)
    assert said.redirect_chain[-1][0] == reverse("responses:form-edit", args=[contract.pk])
    assert "concluded_on" not in stored(contract).answers
    assert "Written again, now with Jonas Vaitkus" in said.text
    assert "Give the day on which all of you conclude this version." in said.text
    # What lies in the past is pointed out, and stays.
    assert [key for key, _label, _day in said.context["again"].past] == ["starts_on", "ends_on"]
    assert said.text.count("This day is over. Check whether it still holds.") == 2
    assert stored(contract).answers["ends_on"] == day(4)


def test_it_is_not_handed_in_without_a_day_or_with_one_before_the_newest_party_came(
    world: World, as_user: SignIn, contract: FormResponse
) -> None:
    egle = as_user(world.cast.egle)
    forms.reopen_form(form=stored(contract), user=world.cast.egle)
    submit = reverse("responses:form-submit", args=[contract.pk])
    for typed in ("", day(40), day(1)):
        page = egle.post(submit, {"lock": stored(contract).lock, "keys": "concluded_on", "concluded_on": typed})
        assert page.status_code == 422
        assert [each.anchor for each in page.context["problems"]] == ["id_concluded_on"]
        assert (REFUSED in page.text) is bool(typed)
        assert stored(contract).is_open
    sent = {"lock": stored(contract).lock, "keys": "concluded_on", "concluded_on": day(0)}
    assert egle.post(submit, sent).status_code == 302
    assert stored(contract).latest.answers["concluded_on"] == day(0)  # type: ignore[union-attr]


def test_what_was_handed_in_offers_on_top_to_write_it_again(
    world: World, as_user: SignIn, contract: FormResponse
) -> None:
    page = as_user(world.cast.egle).get(reverse("responses:form-start", args=[world.group.pk, "contract"]), follow=True)
    assert page.context["unnamed"] == [world.cast.jonas]
    assert page.text.index("Write it again") < page.text.index("said-all")
    assert (
        "Write it again" not in as_user(world.cast.milda).get(reverse("responses:form-detail", args=[contract.pk])).text
    )


def test_a_contract_first_written_after_the_mentor_was_replaced_is_not_dated_before(world: World) -> None:
    Membership.objects.filter(group=world.group, ends_on__isnull=False).delete()
    Membership.objects.filter(group=world.group).update(starts_on=programme_today() - timedelta(days=50))
    form = begun(world, "contract", world.cast.egle)
    replace(world)
    with pytest.raises(forms.IncompleteError) as refused:
        handed_in(form, world.cast.egle, {**stored(form).answers, **CONTRACT, "concluded_on": day(40)})
    assert [each.anchor for each in refused.value.problems] == ["id_concluded_on"]
    assert REFUSED in refused.value.problems[0].sentence


def test_who_was_put_back_the_same_day_was_a_party_all_the_time(world: World, contract: FormResponse) -> None:
    cast = world.cast
    end_membership(membership=world.group.memberships.live().get(user=cast.tomas), by=cast.egle)
    add_member(group=world.group, user=cast.tomas, role=Role.MENTEE, by=cast.egle)
    Membership.objects.filter(group=world.group, user=cast.jonas).update(starts_on=day(45))
    again = forms.reopen_form(form=stored(contract), user=cast.egle)
    assert again.answers["concluded_on"] == day(40)


def test_a_draft_from_before_the_mentor_was_replaced_says_whom_it_does_not_name(world: World, as_user: SignIn) -> None:
    form = begun(world, "contract", world.cast.egle)
    egle, edit = as_user(world.cast.egle), reverse("responses:form-edit", args=[form.pk])
    assert egle.get(edit).context["unnamed"] == []
    replace(world)
    page = egle.get(edit)
    assert page.context["unnamed"] == [world.cast.jonas]
    assert "Name the people of today" in page.text
    fill_in = reverse("responses:form-fill-in", args=[form.pk])
    said = egle.post(fill_in, {"lock": 0, "keys": "further_agreements", "further_agreements": ""}, follow=True)
    assert "It is up to date now." in said.text
    assert "Not named in it" not in said.text
    assert "Jonas Vaitkus, Mentor" in stored(form).answers["parties"]
    forms.save_answers(
        form=stored(form), user=world.cast.egle, lock=stored(form).lock, answers={"parties": "All of us"}
    )
    assert "Name the people of today" not in egle.get(edit).text  # what somebody wrote stays
