"""Forms of the session plan. They only check; services write."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.utils import from_current_timezone
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from core.days import programme_day
from core.typed_text import clean_text
from core.web.changed_meanwhile import KeepsChanges
from core.web.forms import TidyForm, TidyModelForm
from core.zones import zone_in_words
from mentoring.models import Membership, MentoringGroup
from sessions_app.models import (
    FACE_TO_FACE,
    Attendance,
    MeetingForm,
    MeetingState,
    PlannedSession,
    SectionKind,
    SessionPlan,
)
from sessions_app.services.attendance import said_of, version_of

GUESTS, GUEST_LENGTH = 20, 150
"""So many people without an account can be named at one meeting, so long is a name."""


def zone_name() -> str:
    """Return the city that the reader's time zone is named after: Vilnius."""
    return zone_in_words(str(timezone.get_current_timezone()))


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Members of the group, as checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Return the name."""
        return str(obj.full_name)


def members(group: MentoringGroup) -> Any:
    """Return the people who are members of `group` today."""
    live = Membership.objects.live().filter(group=group)
    return User.objects.filter(pk__in=live.values("user")).order_by("full_name")


def _preparers(session: PlannedSession) -> Any:
    """Return who can prepare a session: the members, and who does so already, though they have left since."""
    already = session.prepared_by.through.objects.filter(plannedsession=session).values("user")
    live = Membership.objects.live().filter(group=session.plan.group).values("user")
    return User.objects.filter(Q(pk__in=live) | Q(pk__in=already)).order_by("full_name")


class OwnSessionForm(TidyForm):
    """A session that the catalogue does not have."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("Section"),
        choices=[(kind.value, kind.label) for kind in SectionKind if kind != SectionKind.INITIAL],
        initial=SectionKind.EMPLOYABILITY,
    )
    minutes = forms.IntegerField(label=gettext_lazy("Length in minutes"), min_value=10, max_value=600, initial=60)


class SessionForm(KeepsChanges, TidyForm):
    """When, how and where a session takes place, and what is prepared for it."""

    TOGETHER = (frozenset({"date", "time"}), frozenset({"form", "place", "link", "link_follows"}))

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        help_text=gettext_lazy("Documents that were written about it keep the title they have."),
    )
    date = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(label=gettext_lazy("Length in minutes"), min_value=10, max_value=600)
    form = forms.ChoiceField(
        label=pgettext_lazy("of a session", "Form"), choices=MeetingForm.choices, widget=forms.RadioSelect
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A meeting in person needs one: “Kaunas County Library, room 204”."),
    )
    link = forms.URLField(
        label=gettext_lazy("Link"),
        required=False,
        max_length=400,
        assume_scheme="https",
        help_text=gettext_lazy("For a meeting online."),
    )
    link_follows = forms.BooleanField(label=gettext_lazy("The link will follow"), required=False)
    aim = forms.CharField(
        label=gettext_lazy("Aim"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("What you want to achieve in this session. It is shown above the diary."),
    )
    homework = forms.CharField(
        label=gettext_lazy("Task until the next session"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    prepared_by = PeopleField(label=gettext_lazy("Who prepares"), queryset=User.objects.none(), required=False)
    is_past_meant = forms.BooleanField(
        label=gettext_lazy("Yes, this session is over: the date is right."), required=False, widget=forms.HiddenInput
    )
    lock = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, session: PlannedSession, **kwargs: Any) -> None:
        kwargs["initial"] = self.values_of(session)
        super().__init__(*args, **kwargs)
        self.session = session
        fields: dict[str, Any] = self.fields
        if session.catalogue.plan_id is None:
            del fields["title"]
        fields["time"].help_text = _("In your time zone, %(zone)s.") % {"zone": zone_name()}
        fields["prepared_by"].queryset = _preparers(session)

    @staticmethod
    def values_of(session: PlannedSession) -> dict[str, Any]:
        """Return the stored values as the form shows them."""
        start = timezone.localtime(session.starts_at) if session.starts_at else None
        return {
            "title": session.title,
            "date": start.date() if start else None,
            "time": start.time() if start else None,
            "minutes": session.minutes,
            "form": session.form,
            "place": session.place,
            "link": session.link,
            "link_follows": session.form == MeetingForm.ONLINE and not session.link,
            "aim": session.aim,
            "homework": session.homework,
            "prepared_by": [person.pk for person in session.prepared_by.all()],
            "lock": session.lock,
        }

    def clean_link(self) -> str:
        """Refuse what is no address of a web page."""
        link: str = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise ValidationError(_("A link begins with https://."))
        return link

    def clean(self) -> dict[str, Any]:
        """Refuse half a date, a meeting in person without a place, one online without a link."""
        cleaned = super().clean() or {}
        self._clean_start(cleaned)
        form = cleaned.get("form")
        if form in FACE_TO_FACE and "place" in cleaned and not cleaned["place"]:
            self.add_error("place", _("Where do you meet? Write the place."))
        is_over = bool(cleaned.get("starts_at")) and cleaned["starts_at"] < timezone.now()
        needs_link = form == MeetingForm.ONLINE and not is_over  # nobody joins a meeting of long ago
        if needs_link and "link" in cleaned and not cleaned["link"] and not cleaned.get("link_follows", True):
            self.add_error("link", _("Write the link, or say below that it will follow."))
        return cleaned

    def _clean_start(self, cleaned: dict[str, Any]) -> None:
        """Put date and time together, in the person's zone."""
        day: date | None = cleaned.get("date")
        hour: time | None = cleaned.get("time")
        if day and not hour and "time" in cleaned:
            self.add_error("time", _("Enter the time too."))
        elif hour and not day and "date" in cleaned:
            self.add_error("date", _("Enter the date too."))
        elif day and hour and not {"date", "time"} & set(self.changed_data):
            # Not put together again from its parts: one hour a year stands for two moments.
            cleaned["starts_at"] = self.session.starts_at
        elif day and hour:
            try:
                cleaned["starts_at"] = from_current_timezone(datetime.combine(day, hour))
            except ValidationError:
                self.add_error("time", _("The clocks change that night. Choose another time."))
            else:
                self._ask_about_the_past(cleaned)

    def _ask_about_the_past(self, cleaned: dict[str, Any]) -> None:
        """Take a date that is over only once it was confirmed: diaries are due after it at once."""
        if cleaned["starts_at"] >= timezone.now() or cleaned.get("is_past_meant"):
            return
        self.fields["is_past_meant"].widget = forms.CheckboxInput()
        words = _("This time is over already. Choose a later one, or confirm below that it is right.")
        if programme_day(cleaned["starts_at"]) < (begun := self.session.plan.group.starts_on):
            words += " " + _("It lies before the group began, on %(day)s.") % {"day": date_format(begun)}
        self.add_error("date", words)

    def changes(self) -> dict[str, Any]:
        """Return what `change_session` takes."""
        names = ("title", "minutes", "form", "place", "link", "aim", "homework", "prepared_by")
        return {name: self.cleaned_data[name] for name in names if name in self.fields} | {
            "starts_at": self.cleaned_data.get("starts_at")
        }


class AttendanceField(PeopleField):
    """Who was there: those who joined later can have been there too, and it is said that they did."""

    joined_later: set[int] = frozenset()  # type: ignore[assignment]

    def label_from_instance(self, obj: Any) -> str:
        """Return the name."""
        name = super().label_from_instance(obj)
        return _("%(name)s (joined the group later)") % {"name": name} if obj.pk in self.joined_later else name


class AttendanceForm(TidyForm):
    """Who was at a meeting."""

    present = AttendanceField(
        label=gettext_lazy("Who was there?"),
        queryset=User.objects.none(),
        required=False,
        help_text=gettext_lazy(
            "Tick everyone who was there. Everyone else counts as absent, except people who joined later."
        ),
    )
    guests = forms.CharField(
        label=gettext_lazy("Who else was there?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Guests, and people without an account here. One name in a line."),
    )
    is_unknown = forms.BooleanField(
        label=gettext_lazy("It is no longer known who was there."),
        required=False,
        help_text=gettext_lazy("Then nobody counts as absent."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why is it corrected?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Everyone in the group can read this."),
    )
    lock = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, session: PlannedSession, **kwargs: Any) -> None:
        known = {each.person_id: each.was_present for each in session.attendance.all()}
        # Nobody is ticked before it was said once: a claim that can be wrong is nobody's default.
        kwargs["initial"] = {
            "present": [person for person, was_present in known.items() if was_present],
            "guests": session.guests,
            "is_unknown": session.is_attendance_unknown,
            "lock": version_of(said_of(session)),
        }
        super().__init__(*args, **kwargs)
        if session.state != MeetingState.HELD:
            del self.fields["reason"]
        else:
            self.fields["reason"].is_asked = True  # type: ignore[attr-defined]  # whoever changes something must say why
        were_members, later = Attendance.objects.candidates(session)
        fields: dict[str, Any] = self.fields
        fields["present"].joined_later = later
        people = were_members | later | set(known)
        fields["present"].queryset = User.objects.filter(pk__in=people).order_by("full_name")
        fields["present"].is_asked = fields["guests"].is_asked = True

    def clean_guests(self) -> list[str]:
        """Return the names, without the blanks around them, each once."""
        names = [clean_text(line, lines=False) for line in self.cleaned_data["guests"].splitlines()]
        names = list(dict.fromkeys(filter(None, names)))
        if any(len(name) > GUEST_LENGTH for name in names):
            raise ValidationError(
                _("Write one name in a line, at most %(limit)d characters.") % {"limit": GUEST_LENGTH}
            )
        if len(names) > GUESTS:
            raise ValidationError(_("At most %(limit)d names fit here.") % {"limit": GUESTS})
        return names

    def clean(self) -> dict[str, Any]:
        """Refuse to keep that nobody was there, and names beside “not known”."""
        cleaned = super().clean() or {}
        self._clean_twice(cleaned)
        names = bool(cleaned.get("present")) or bool(self.data.get("guests", "").strip())
        if self.errors:
            return cleaned
        if "reason" in self.fields and set(self.changed_data) - {"reason", "lock"} and not cleaned["reason"].strip():
            self.add_error("reason", _("Give a reason. Everyone in the group can read it."))
        if cleaned["is_unknown"] and names:
            words = _("You named people who were there. Remove the names, or untick this.")
            self.add_error("is_unknown", words)
        elif not names and not cleaned["is_unknown"]:
            words = _("Tick at least one person, write a name, or say that it is not known or did not take place.")
            self.add_error("present", words)
        return cleaned

    def _clean_twice(self, cleaned: dict[str, Any]) -> None:
        """Refuse a guest who is ticked too: the paper would name them twice."""
        present = {person.full_name.casefold(): person.full_name for person in cleaned.get("present") or ()}
        if twice := [present[name.casefold()] for name in cleaned.get("guests") or () if name.casefold() in present]:
            words = _("%(names)s is ticked above already. Remove the name here.")
            self.add_error("guests", words % {"names": ", ".join(twice)})

    def changes(self) -> dict[str, Any]:
        """Return what `hold_session` takes."""
        cleaned = self.cleaned_data
        present = {person.pk for person in cleaned["present"]}
        said = {"present": present, "guests": cleaned["guests"], "is_unknown": cleaned["is_unknown"]}
        return said | {"reason": cleaned.get("reason", ""), "lock": cleaned["lock"]}


class CancelForm(TidyForm):
    """Why a session is cancelled."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it cancelled?"),
        max_length=300,
        help_text=gettext_lazy("Everyone in the group can read this."),
    )


class PlanTextsForm(KeepsChanges, TidyModelForm):
    """What the plan says besides its sessions."""

    lock = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = SessionPlan
        fields = ("course_of_action", "notes")
        widgets = {  # noqa: RUF012 -- Django's way
            "course_of_action": forms.Textarea(attrs={"rows": 4}),
            "notes": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["lock"] = self.instance.lock


def with_lock(sent: QueryDict, lock: int | str) -> QueryDict:
    """Return what was sent, as written on the version `lock`: pressing again replaces that one knowingly."""
    data = sent.copy()
    data["lock"] = str(lock)
    return data


class LockForm(TidyForm):
    """The number of the plan that the person was looking at."""

    lock = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
