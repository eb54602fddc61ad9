"""The e-mails of one week, as a mail reader gets them: read with the parser of the standard library, not our own."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import mail as outbox

from accounts import services as accounts
from accounts.models import Mail, User
from checklist.models import ChecklistItem
from core.clock import clock_at
from core.days import programme_today, programme_zone
from core.policy.roles import ProgrammeRole
from notices.models import Fanout, ReminderRule
from notices.services import digests, fan_out, mails, reminders, rules
from responses_app import services as forms
from sessions_app.models import PlannedSession
from tests.cast import World
from tests.notices.conftest import DIARY, begun, diary

pytestmark = pytest.mark.django_db
HEADERS = (
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Reply-To",
)  # fmt: skip
SECRETS = ("Zdiary", "Zcomment", "Znote")


class Links(HTMLParser):
    """The addresses of a page, and whatever else it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what leads somewhere."""
        found = dict(attrs)
        if tag == "html":
            self.language = found.get("lang") or ""
        if tag == "a":
            self.links.append(found.get("href") or "")
        elif found.get("src") or tag in {"link", "script", "iframe", "form"}:
            self.fetched.append(tag)


@pytest.fixture
def week(quiet: World, settings: Any) -> list[EmailMessage]:
    """All that reaches people in a week in which a diary is handed in, answered, returned, and much falls due."""
    settings.SITE_URL = "https://mentoring.example.org"
    return list(run_week(quiet))


def run_week(world: World) -> Iterator[EmailMessage]:
    """Let a week go by, and yield what left, as it left."""
    cast, today = world.cast, programme_today()
    User.objects.filter(email__in=["milda@example.org", "rasa@example.org"]).update(language="bg")
    rules.take_rules_of_packs()
    rules.set_mail(programme=world.programme, by=cast.dana, reply_to="office@example.org", kept_months=24)
    ReminderRule.objects.update(since=date(2020, 1, 1))
    ReminderRule.objects.create(
        programme=world.programme, kind="tool", days=1, side="after", since=date(2020, 1, 1),
        escalate_to=ProgrammeRole.ADMIN, escalate_after=3,
    )  # fmt: skip
    with clock_at(_hour(today, 9)) as clock:
        form = diary(world)
        forms.add_comment(form=form, user=cast.rasa, text="Zcomment: well done")
        other = begun(world, by=cast.tomas)
        forms.submit_form(form=other, user=cast.tomas, lock=other.lock, answers=DIARY)
        other.refresh_from_db()
        assert other.latest is not None
        forms.return_form(submission=other.latest, user=cast.rasa, note="Znote: say more")
        PlannedSession.objects.filter(plan__group=world.group).update(starts_at=_hour(today + timedelta(days=4), 17))
        ChecklistItem.objects.filter(group=world.group).exclude(due_on=None).update(due_on=today + timedelta(days=1))
        for number in range(7):
            for hour in (6, 8, 12):
                clock.set(_hour(today + timedelta(days=number), hour))
                reminders.run()
                for fanout in Fanout.objects.waiting():
                    fan_out.work_off(fanout_id=fanout.pk)
                mails.sweep()
                digests.sweep()
                Mail.objects.filter(state=Mail.State.WAITING).update(next_try_at=clock.moment)
                accounts.sweep_mails()
    for sent in outbox.outbox:
        parsed = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        yield parsed


def _hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=programme_zone())


@pytest.mark.slow
def test_the_mails_of_a_week(week: list[EmailMessage]) -> None:
    """One test, since the week takes longer than what is looked at."""
    _every_mail_is_whole_and_says_nothing_confidential(week)
    _each_is_in_the_language_of_its_person(week)
    _nobody_gets_more_than_one_mail_of_the_day(week)


def _every_mail_is_whole_and_says_nothing_confidential(week: list[EmailMessage]) -> None:
    assert len(week) >= 12
    assert {mail["To"].split("@")[0] for mail in week} >= {"milda", "tomas", "elena", "rasa", "egle", "dana"}
    for mail in week:
        assert [name for name in HEADERS if not mail[name]] == [], mail["Subject"]
        assert mail["Reply-To"] == "office@example.org"
        assert "\n" not in mail["Subject"]
        assert re.fullmatch(r"<[0-9a-f]{32}@mentoring\.example\.org>", mail["Message-ID"])
        plain, html = mail.get_body(["plain"]), mail.get_body(["html"])
        assert plain is not None
        assert html is not None
        text, shown = plain.get_content(), html.get_content()
        for part in (text, shown, mail["Subject"]):
            assert [secret for secret in SECRETS if secret in part] == []
            assert "None" not in part
            assert "%(" not in part
        _links_are_absolute(text, shown)


def _links_are_absolute(text: str, shown: str) -> None:
    found = Links()
    found.feed(shown)
    assert found.fetched == [], "a mail fetches nothing"
    assert found.links
    assert all(link.startswith("https://mentoring.example.org/") for link in found.links)
    assert all(link in text or "/notices/" in link for link in found.links), "the text leads there, too"
    assert re.findall(r"https?://(?!mentoring\.example\.org/)", text) == []


def _each_is_in_the_language_of_its_person(week: list[EmailMessage]) -> None:
    for mail in week:
        html = mail.get_body(["html"])
        assert html is not None
        found = Links()
        found.feed(html.get_content())
        is_bulgarian = mail["To"].startswith(("milda", "rasa"))
        assert found.language == ("bg" if is_bulgarian else "en")
        assert not is_bulgarian or re.search("[а-я]{3}", mail["Subject"]), mail["Subject"]


def _nobody_gets_more_than_one_mail_of_the_day(week: list[EmailMessage]) -> None:
    assert len({mail["Message-ID"] for mail in week}) == len(week)
    of_the_day = Counter(mail["To"] for mail in week if mail["Subject"].startswith(("Your day", "Денят Ви")))
    assert of_the_day
    assert max(of_the_day.values()) <= 7
    said = Counter((mail["To"], mail["Subject"]) for mail in week if mail["To"] not in of_the_day)
    assert set(said.values()) <= {1}
