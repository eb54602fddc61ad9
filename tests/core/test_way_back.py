"""Back, Cancel and Save lead where the person came from; never anywhere that is not a place of ours."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from sessions_app.models import PlannedSession
from tests.cast import World
from tests.documents.filled import DIARY, diary_of, handed_in, held_session

SignIn = Callable[..., Client]
HERE = "http://testserver"


@pytest.fixture
def session(world: World) -> PlannedSession:
    return held_session(world)


def back_of(page: str) -> tuple[str, str]:
    """The address and the words of the way back."""
    found = re.search(r'<a class="back" href="([^"]*)">.*?</svg>\s*([^<]*)</a>', page, re.DOTALL)
    assert found
    return found[1], found[2].strip()


def attendance(session: PlannedSession) -> str:
    return reverse("sessions:session-hold", args=[session.pk])


def test_without_a_hint_it_is_the_usual_place(world: World, as_user: SignIn, session: PlannedSession) -> None:
    page = as_user(world.cast.rasa).get(attendance(session)).content.decode()
    assert back_of(page) == (reverse("sessions:plan-detail", args=[world.group.pk]), "Session plan")
    assert 'name="back"' not in page


@pytest.mark.parametrize(
    ("place", "label"),
    [
        ("/", "Home"),
        ("/?as=mentor", "Home"),
        ("/drafts/", "Drafts"),
        ("/groups/{group}/sessions/{session}/", "Session"),
    ],
)
def test_it_is_the_page_on_which_the_link_was_followed(
    world: World, as_user: SignIn, session: PlannedSession, place: str, label: str
) -> None:
    if label == "Session":
        place = reverse("sessions:session-detail", args=[session.pk])
    rasa = as_user(world.cast.rasa)
    page = rasa.get(attendance(session), headers={"referer": HERE + place}).content.decode()
    assert back_of(page) == (place.replace("&", "&amp;"), label)
    assert f'<input type="hidden" name="back" value="{place}"' in page
    present = [world.cast.milda.pk]
    wrong = rasa.post(attendance(session), {"back": place}, headers={"referer": HERE + attendance(session)})
    assert wrong.status_code == 422
    assert back_of(wrong.content.decode())[1] == label
    sent = rasa.post(attendance(session), {"back": place, "present": present, "reason": "Zshe was"})
    assert sent.headers["Location"] == place


@pytest.mark.parametrize(
    "said",
    [
        "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)", "/admin/",
        "/accounts/logout/", "/forms/1/edit/", "/nowhere/", "x" * 600, "/" + "x" * 600, "/\n/elsewhere.example",
    ],
)  # fmt: skip
def test_nothing_else_is_believed(world: World, as_user: SignIn, session: PlannedSession, said: str) -> None:
    rasa = as_user(world.cast.rasa)
    usual = reverse("sessions:plan-detail", args=[world.group.pk])
    assert back_of(rasa.get(attendance(session), {"back": said}).content.decode())[0] == usual
    answer = rasa.post(attendance(session), {"back": said, "present": [world.cast.milda.pk], "reason": "Zshe was"})
    assert answer.headers["Location"] == usual
    page = rasa.get(attendance(session), headers={"referer": "https://elsewhere.example/"}).content.decode()
    assert back_of(page)[0] == usual


@pytest.mark.parametrize("referer", ["http://[", "http://[::1", "//", "http://testserver:x/", "http://\u2100/"])
def test_a_referring_page_that_cannot_be_read_is_none(
    world: World, as_user: SignIn, session: PlannedSession, referer: str
) -> None:
    page = as_user(world.cast.rasa).get(attendance(session), headers={"referer": referer})
    assert page.status_code == 200
    assert back_of(page.text)[1] == "Session plan"
    said = as_user(world.cast.rasa).get(attendance(session), {"back": "/" + referer})
    assert said.status_code == 200


def test_a_form_that_is_begun_on_the_way_still_knows(world: World, as_user: SignIn, session: PlannedSession) -> None:
    milda = as_user(world.cast.milda)
    start = reverse("responses:form-start", args=[world.group.pk, "personal_goals"])
    page = milda.get(start, headers={"referer": HERE + "/"}).content.decode()
    assert back_of(page) == ("/", "Home")
    sent = milda.post(start, {"back": "/"})
    assert sent.headers["Location"].endswith(f"?back={quote('/', safe='')}")
    written = milda.get(sent.headers["Location"])
    assert back_of(written.content.decode()) == ("/", "Home")
    form = written.context["form"]
    later = milda.post(
        reverse("responses:form-save", args=[form.pk]), {"then": "leave", "back": "/", "lock": form.lock, "writer": "a"}
    )
    assert later.headers["Location"] == "/"


def test_a_diary_leads_back_to_the_session(world: World, as_user: SignIn) -> None:
    diary = diary_of(world, world.cast.milda)
    session = PlannedSession.objects.filter(plan__group=world.group).first()
    assert session is not None
    place = reverse("sessions:session-detail", args=[session.pk])
    address = reverse("responses:form-edit", args=[diary.pk])
    page = as_user(world.cast.milda).get(address, headers={"referer": HERE + place}).content.decode()
    assert back_of(page) == (place, "Session")


def test_after_a_comment_it_still_leads_where_one_came_from(world: World, as_user: SignIn) -> None:
    diary = diary_of(world, world.cast.milda)
    handed_in(diary, world.cast.milda, DIARY)
    address = reverse("responses:form-detail", args=[diary.pk])
    rasa = as_user(world.cast.rasa)
    page = rasa.get(address, headers={"referer": HERE + "/"}).content.decode()
    assert '<input type="hidden" name="back" value="/"' in page
    sent = rasa.post(reverse("responses:form-comment", args=[diary.pk]), {"text": "Well seen.", "back": "/"})
    assert re.fullmatch(rf"{address}\?back=%2F#comment-\d+", sent.headers["Location"])
    assert back_of(rasa.get(f"{address}?back=%2F").content.decode()) == ("/", "Home")


def test_an_invitation_from_a_group_leads_back_to_its_people(world: World, as_user: SignIn) -> None:
    people = reverse("mentoring:member-list", args=[world.group.pk])
    invite = reverse("mentoring:invitation-create", args=[world.programme.pk])
    egle = as_user(world.cast.egle)
    page = egle.get(f"{invite}?group={world.group.pk}", headers={"referer": HERE + people}).content.decode()
    assert back_of(page) == (people, "People")
    sent = {"email": "hanna@example.org", "role": "mentee", "group": world.group.pk, "language": "en"}
    assert egle.post(invite, {**sent, "back": people}).headers["Location"] == people
    usual = egle.post(invite, {**sent, "email": "other@example.org"}).headers["Location"]
    assert usual == f"{reverse('mentoring:people-list')}?programme={world.programme.pk}"


def test_a_waiver_leads_back_to_the_list_it_was_asked_from(world: World, as_user: SignIn) -> None:
    listed = reverse("checklist:checklist-list", args=[world.group.pk])
    waive = reverse("checklist:checklist-waive", args=[world.group.pk, "mentee_profile"])
    egle = as_user(world.cast.egle)
    assert egle.post(waive, {"reason": "Known from last year", "back": listed}).headers["Location"] == listed
    cell = reverse("checklist:checklist-cell", args=[world.group.pk, "mentee_profile"])
    assert back_of(egle.get(cell).content.decode()) == (listed, "What’s missing")
