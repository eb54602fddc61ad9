"""The page of one's notices, the bell, the choices, and the way out of e-mails."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Mail, User
from core.models import DomainEvent
from documents.models import Source
from documents.services import filing
from documents.services.removal import remove_document
from mentoring.models import Membership
from mentoring.services.memberships import end_membership
from notices import kinds, unsubscribing
from notices.checks import every_kind_has_words
from notices.models import Hours, Notice, NoticeChoice, Outcome, Topic, Way
from notices.services import mails
from notices.ways import way_of
from responses_app import services as forms
from tests.cast import World
from tests.documents.sent_files import pdf
from tests.furniture import GROUP_MARKERS, MANAGER_MARKER, furnish
from tests.notices.conftest import DIARY, Tell, begun, diary, names
from tests.pack_tools import tool

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST, CHOICES = "/notices/", "/notices/choices/"


def body(answer: Any) -> str:
    """Return the text of an answer."""
    return str(answer.content.decode())


def bell(page: str) -> str:
    """Return what a screen reader says of the bell."""
    found = re.search(r"data-bell-words>\s*([^<]*?)\s*<", page)
    assert found is not None
    return found[1]


@pytest.fixture
def told(quiet: World, tell: Tell) -> World:
    """The world after a diary was handed in and answered."""
    form = diary(quiet)
    forms.add_comment(form=form, user=quiet.cast.rasa, text="Zcomment: well done")
    tell()
    return quiet


def test_the_bell_counts_on_every_page_and_says_it_in_words(told: World, as_user: SignIn) -> None:
    for path in ("/", "/profile/", LIST):
        assert bell(body(as_user(told.cast.rasa).get(path))) == "1 new notice", path
        assert bell(body(as_user(told.cast.tomas).get(path))) == "0 new notices", path


def test_the_bell_costs_no_page_a_statement(told: World, as_user: SignIn, django_assert_num_queries: Any) -> None:
    client = as_user(told.cast.rasa)
    client.get("/profile/")
    with django_assert_num_queries(2):
        client.get("/profile/")


def test_the_list_says_what_happened_and_where(told: World, as_user: SignIn) -> None:
    page = body(as_user(told.cast.rasa).get(LIST))
    assert "Milda Kazlauskaitė handed in: Diary of mentoring: Getting to know one another" in page
    assert "Žingsnis." in page
    assert ">Today</h2>" in page
    assert "Zdiary" not in page
    assert "Zcomment" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(
    told: World, as_user: SignIn, django_assert_num_queries: Any, number: int
) -> None:
    first = Notice.objects.get(person=told.cast.rasa, kind="form_submitted")
    for each in range(number - 1):
        event = DomainEvent.objects.order_by("pk")[each]
        Notice.objects.create(
            person=first.person, kind="member_joined", event=event, group=first.group,
            reason="role", facts={"person_id": told.cast.tomas.pk, "role": "mentee"},
            created_at=timezone.now() - timedelta(days=each),
        )  # fmt: skip
    client = as_user(told.cast.rasa)
    with django_assert_num_queries(5 if number == 1 else 6):  # one more where the words name somebody
        client.get(LIST)


def test_opening_one_leads_there_and_marks_it_seen(told: World, as_user: SignIn) -> None:
    notice = Notice.objects.get(person=told.cast.rasa, kind="form_submitted")
    client = as_user(told.cast.rasa)
    answer = client.get(reverse("notices:notice-open", args=[notice.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("responses:form-detail", args=[notice.target_id]))
    assert bell(body(client.get(LIST))) == "0 new notices"
    client.post(reverse("notices:notice-unseen", args=[notice.pk]))
    assert bell(body(client.get(LIST))) == "1 new notice"
    client.post(reverse("notices:notice-seen", args=[notice.pk]))
    assert bell(body(client.get(LIST))) == "0 new notices"


def test_all_at_once_and_only_what_is_new(told: World, as_user: SignIn) -> None:
    client = as_user(told.cast.rasa)
    assert "Milda Kazlauskaitė handed in" in body(client.get(f"{LIST}?show=new"))
    assert client.post(reverse("notices:notices-seen")).status_code == 302
    assert "You have seen everything." in body(client.get(f"{LIST}?show=new"))
    assert "Milda Kazlauskaitė handed in" in body(client.get(LIST))
    assert "No notices yet" in body(as_user(told.cast.tomas).get(LIST))


def test_marking_keeps_the_filter_and_an_open_page_gets_the_list_alone(told: World, as_user: SignIn) -> None:
    client, notice = as_user(told.cast.rasa), Notice.objects.get(person=told.cast.rasa, kind="form_submitted")
    path = reverse("notices:notice-seen", args=[notice.pk])
    assert client.post(path, {"show": "new"})["Location"] == f"{LIST}?show=new"
    assert client.post(path, {"show": "https://evil.example"})["Location"] == LIST
    part = body(client.get(LIST, headers={"HX-Request": "true"}))
    assert part.strip().startswith('<div id="notices"')
    assert "<html" not in part


def test_an_old_link_leads_nowhere_once_it_is_not_theirs(told: World, as_user: SignIn) -> None:
    notice = Notice.objects.get(person=told.cast.rasa, kind="form_submitted")
    path = reverse("notices:notice-open", args=[notice.pk])
    assert as_user(told.cast.egle).get(path).status_code == 404
    mine = Membership.objects.live().get(group=told.group, user=told.cast.rasa)
    end_membership(membership=mine, by=told.cast.egle)
    client = as_user(User.objects.get(pk=told.cast.rasa.pk))
    assert client.get(path).status_code == 404
    assert "Milda Kazlauskaitė handed in" not in body(client.get(LIST))
    assert bell(body(client.get(LIST))) == "0 new notices"


def test_what_is_narrowed_later_is_not_told_any_more(quiet: World, tell: Tell, as_user: SignIn) -> None:
    cast, said = quiet.cast, "Milda Kazlauskaitė handed in"
    written = diary(quiet)
    tell()
    assert said in body(as_user(cast.egle).get(LIST))
    form = forms.reopen_form(form=written, user=cast.milda)
    forms.choose_audience(form=form, user=cast.milda, audience="mentor")
    form.refresh_from_db()
    forms.submit_form(form=form, user=cast.milda, lock=form.lock, answers=form.answers)
    assert said not in body(as_user(cast.egle).get(LIST)), "at once, before any worker"
    tell()
    assert bell(body(as_user(User.objects.get(pk=cast.egle.pk)).get(LIST))) == "0 new notices"
    assert said in body(as_user(cast.rasa).get(LIST))


def test_nothing_confidential_is_in_notices_or_mails(world: World, tell: Tell) -> None:
    furnish(world)
    tell()
    rows = " ".join(str(notice.facts) for notice in Notice.objects.all())
    mails.sweep()
    words = " ".join(f"{mail.subject} {mail.body} {mail.html}" for mail in Mail.objects.filter(kind__contains="notice"))
    assert words
    titles = {"Ztopic"}  # a notice may say the title of a topic, to those who read it
    for marker in {*GROUP_MARKERS, MANAGER_MARKER, "Zgoals", "Zwithheld"} - titles:
        assert marker not in rows
        assert marker not in words


@pytest.mark.parametrize(
    ("key", "audience", "told"), [("personal_goals", "group", ["milda"]), ("midterm_interview", "manager", [])]
)
def test_a_removed_document_is_told_to_whom_it_was_open_alone(
    quiet: World, tell: Tell, key: str, audience: str, told: list[str]
) -> None:
    """Of what the Manager notes about somebody, that person learns nothing, not even that it is gone."""
    egle = quiet.cast.egle
    version = filing.file_version(
        group=quiet.group, tool_version=tool(key).current, subject=quiet.cast.milda, session_key="", session_title={},
        author=egle, audience=audience, content=pdf(), pages=1, language="en", source=Source.UPLOADED, created_by=egle,
    )  # fmt: skip
    remove_document(document=version.document, user=egle, reason="Zreason")
    assert names(tell("document_removed")) == told
    assert "milda" not in names(tell("document_filed")), "it was taken out before anybody was told"


# --- choices ----------------------------------------------------------------------------------------------------------


def test_choices_are_kept_and_shown_again(told: World, as_user: SignIn) -> None:
    client = as_user(told.cast.rasa)
    sent = {
        "topic-forms": "in_page", "topic-people": "", "topic-documents": "off", "topic-sessions": "", "topic-asked": "",
        f"group-{told.group.pk}": "at_once", "quiet_from": "22:00", "quiet_until": "07:00", "gathered_at": "18:30",
    }  # fmt: skip
    assert client.post(CHOICES, sent).status_code == 302
    kept = {(each.topic, each.group_id): each.way for each in NoticeChoice.objects.filter(person=told.cast.rasa)}
    assert kept == {("forms", None): "in_page", ("documents", None): "off", ("", told.group.pk): "at_once"}
    hours = Hours.objects.get(person=told.cast.rasa)
    assert (hours.quiet_from, hours.quiet_until, hours.gathered_at) == (time(22), time(7), time(18, 30))
    page = body(client.get(CHOICES))
    assert 'value="22:00"' in page
    assert '<option value="off" selected>' in page
    client.post(CHOICES, {"gathered_at": "07:00"})
    assert not NoticeChoice.objects.exists()
    assert Hours.objects.get().quiet_from is None


@pytest.mark.parametrize(
    "hours", [{"quiet_from": "22:00"}, {"quiet_until": "07:00"}, {"quiet_from": "07:00", "quiet_until": "07:00"}]
)
def test_hours_without_beginning_or_end_are_refused_and_nothing_typed_is_lost(
    told: World, as_user: SignIn, hours: dict[str, str]
) -> None:
    answer = as_user(told.cast.rasa).post(CHOICES, {"topic-forms": "off", "gathered_at": "07:00", **hours})
    assert answer.status_code == 422
    assert '<option value="off" selected>' in body(answer)
    assert not NoticeChoice.objects.exists()


def test_a_strange_way_or_the_group_of_others_is_not_chosen(told: World, as_user: SignIn) -> None:
    client = as_user(told.cast.rasa)
    assert client.post(CHOICES, {"topic-forms": "pigeon", "gathered_at": "07:00"}).status_code == 422
    client.post(CHOICES, {f"group-{told.other_group.pk}": "off", "gathered_at": "07:00"})
    assert not NoticeChoice.objects.exists()


def test_the_choices_cost_what_they_cost(told: World, as_user: SignIn, django_assert_num_queries: Any) -> None:
    client = as_user(told.cast.rasa)
    with django_assert_num_queries(5):
        client.get(CHOICES)


# --- without signing in -----------------------------------------------------------------------------------------------


def test_a_link_scanner_changes_nothing_and_the_button_does(told: World) -> None:
    path = unsubscribing.path(told.cast.rasa.pk, Topic.FORMS)
    scanner = Client(enforce_csrf_checks=True)
    assert scanner.get(path).status_code == 200
    assert scanner.head(path).status_code == 200
    assert not NoticeChoice.objects.exists()
    for _press in range(2):
        answer = scanner.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    kept = NoticeChoice.objects.get()
    assert (kept.person, kept.topic, kept.group, kept.way) == (told.cast.rasa, "forms", None, Way.IN_PAGE)
    assert told.cast.rasa.email not in body(answer)
    assert told.cast.rasa.full_name not in body(answer)


def test_no_more_mails_means_in_no_group(told: World) -> None:
    rasa = told.cast.rasa
    NoticeChoice.objects.create(person=rasa, topic="", group=told.group, way=Way.AT_ONCE)
    Client().post(unsubscribing.path(rasa.pk, Topic.FORMS))
    ways = NoticeChoice.objects.of_all([rasa.pk])[rasa.pk]
    for kind in kinds.all_kinds():
        way = way_of(kind, told.group.pk, ways, "mentor")
        assert way == (Way.IN_PAGE if kind.topic == Topic.FORMS else Way.AT_ONCE), kind.code


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: f"x{t}", lambda _t: "nonsense"])
def test_a_changed_key_opens_nothing(told: World, change: Callable[[str], str]) -> None:
    token = unsubscribing.path(told.cast.rasa.pk, Topic.FORMS).rstrip("/").rpartition("/")[2]
    path = reverse("notices:unsubscribe", args=[change(token)])
    assert Client().get(path).status_code == 404
    assert Client().post(path).status_code == 404
    assert not NoticeChoice.objects.exists()


# --- words ------------------------------------------------------------------------------------------------------------


def test_every_kind_has_its_words_in_both_languages(world: World, as_user: SignIn) -> None:
    assert every_kind_has_words(None) == []
    page = body(as_user(world.cast.dana).get(reverse("notices:kind-list", args=[world.programme.pk])))
    assert page.count('<dd lang="bg">') == page.count('<dd lang="en">') == len(kinds.all_kinds())
    assert "Анна предаде: Дневник: Първа среща" in page
    assert as_user(world.cast.egle).get(reverse("notices:kind-list", args=[world.programme.pk])).status_code == 404


def test_a_kind_without_words_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kinds.all_kinds()[0]
    monkeypatch.setitem(kinds._kinds, kind.code, replace(kind, title=lambda said: said.facts["nowhere"]))
    assert [error.id for error in every_kind_has_words(None)] == ["notices.E001"]


# --- what a Manager sees of it ----------------------------------------------------------------------------------------


def test_the_manager_sees_who_was_told_why_and_whether_the_mail_left(told: World, as_user: SignIn) -> None:
    mails.sweep()
    Mail.objects.filter(to=told.cast.milda.email).update(state=Mail.State.REFUSED)
    path = reverse("notices:notice-log", args=[told.group.pk])
    page = " ".join(re.sub(r"<[^>]*>", " ", body(as_user(told.cast.egle).get(path))).split())
    assert "Milda Kazlauskaitė Rasa Žukauskienė wrote about: Diary of mentoring" in page
    assert "Author. E-mail refused" in page
    assert "Role in the group. On the page" in page
    for person in (told.cast.rasa, told.cast.milda, told.cast.boris, told.cast.dana):
        assert as_user(person).get(path).status_code == 404


def test_the_log_does_not_tell_what_was_read_or_which_way_was_chosen(told: World, as_user: SignIn) -> None:
    """An e-mail that is not needed any more looks as one that is still to come."""
    path = reverse("notices:notice-log", args=[told.group.pk])
    notices = Notice.objects.filter(person=told.cast.rasa, mail=None)
    seen = set()
    for outcome in (Outcome.WAITING, Outcome.SEEN, Outcome.UNWANTED, Outcome.NONE):
        assert notices.update(outcome=outcome)
        page = body(as_user(told.cast.egle).get(path))
        seen.add(re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")]))
    assert len(seen) == 1


def test_the_manager_sees_nothing_there_of_what_is_not_for_managers(quiet: World, tell: Tell, as_user: SignIn) -> None:
    form = begun(quiet)
    forms.choose_audience(form=form, user=quiet.cast.milda, audience="mentor")
    form.refresh_from_db()
    forms.submit_form(form=form, user=quiet.cast.milda, lock=form.lock, answers=DIARY)
    tell()
    assert Notice.objects.filter(kind="form_submitted", person=quiet.cast.rasa).exists()
    page = body(as_user(quiet.cast.egle).get(reverse("notices:notice-log", args=[quiet.group.pk])))
    assert "Nobody was told anything yet" in page


@pytest.mark.parametrize("more", [0, 2])
def test_the_log_costs_the_same_for_one_and_for_many(
    told: World, as_user: SignIn, django_assert_num_queries: Any, more: int
) -> None:
    first = Notice.objects.get(person=told.cast.rasa, kind="form_submitted")
    for event in DomainEvent.objects.order_by("pk")[:more]:
        Notice.objects.create(
            person=first.person, kind="stage_changed", event=event, group=first.group, reason="role",
            facts={"stage": "running"}, created_at=timezone.now(),
        )  # fmt: skip
    client = as_user(told.cast.egle)
    with django_assert_num_queries(9):
        client.get(reverse("notices:notice-log", args=[told.group.pk]))


def test_the_manager_is_told_whose_mails_do_not_arrive(told: World, as_user: SignIn) -> None:
    User.objects.filter(pk=told.cast.tomas.pk).update(mail_refused_at=timezone.now() - timedelta(days=2))
    path = reverse("mentoring:member-list", args=[told.group.pk])
    assert body(as_user(told.cast.egle).get(path)).count("E-mails do not arrive since") == 1
    assert "E-mails do not arrive" not in body(as_user(told.cast.milda).get(path))


@pytest.mark.parametrize("language", ["en", "bg"])
def test_the_log_speaks_of_others_and_never_to_the_manager(told: World, as_user: SignIn, language: str) -> None:
    """Under somebody else's name nothing says “you”, in no kind of notice."""
    own = {
        "en": re.compile(r"\b(you|your)\b", re.IGNORECASE),
        "bg": re.compile(r"\b(Ви|Вас|Ваш\w*|сте)\b"),
    }[language]
    people = {1: told.cast.milda}
    with translation.override(language):
        for kind in kinds.all_kinds():
            if kind.code == "invitation_accepted":
                continue  # of no group, so it stands in no log
            said = kinds.Said(kind.example, "Rasa", "Žingsnis", {key: each.full_name for key, each in people.items()})
            title = (kind.logged or kind.title)(said)
            assert not own.search(title), title
        for reason in kinds.REASONS_OF_OTHERS.values():
            assert not own.search(str(reason))


def test_the_defaults_are_said_as_they_are(told: World, as_user: SignIn) -> None:
    """What is gathered by default is not said to be on the page only, neither to Admins nor to who chooses."""
    page = body(as_user(told.cast.dana).get(reverse("notices:kind-list", args=[told.programme.pk])))
    answered = page[page.index("Somebody answers in a topic that you follow") :]
    assert "On the page, and in one e-mail a day. Everybody can choose otherwise." in answered[:400]
    choices = body(as_user(told.cast.milda).get(CHOICES))
    gathered = choices[choices.index("On the page, and in one e-mail a day: Somebody answers in a topic") :]
    assert "A topic begins on a board of yours." in gathered[:200]
