"""Forms of Managers: groups, members, stages, invitations. They only validate; services write."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from core.days import programme_day, programme_today
from core.policy.roles import Action, ProgrammeRole, Role
from core.templatetags.ui import own_language_names
from core.web.changed_meanwhile import KeepsChanges
from core.web.forms import DayInput, TidyForm, TidyModelForm
from mentoring.models import Enrolment, Invitation, Membership, MentoringGroup, Programme
from mentoring.people_choice import (
    FEW_PEOPLE,
    PeopleChoice,
    PersonChoice,
    SearchedDots,
    SearchesPeople,
    enrolled,
    people_label,
)
from mentoring.services import invitations, places
from mentoring.standing import Standing


class MentorChoice(PersonChoice):
    """One Mentor, with how much they have to do already."""

    load: dict[int, tuple[int, int]] = {}  # noqa: RUF012 -- replaced by each form

    def label_from_instance(self, obj: Any) -> str:
        """Return name, address, groups and Mentees."""
        groups, mentees = self.load.get(obj.pk, (0, 0))
        if not groups:
            return _("%(person)s: no group now") % {"person": people_label(obj)}
        words = {
            "person": people_label(obj),
            "groups": ngettext("%(n)d group", "%(n)d groups", groups) % {"n": groups},
            "mentees": ngettext("%(n)d Mentee", "%(n)d Mentees", mentees) % {"n": mentees},
        }
        return _("%(person)s: %(groups)s, %(mentees)s") % words


def mentors_for(group: MentoringGroup) -> tuple[Any, dict[int, tuple[int, int]]]:
    """Return the programme's Mentors who are not in the group, and the load of each."""
    inside = Membership.objects.live().filter(group=group).values("user")
    people = enrolled(group.programme, ProgrammeRole.MENTOR).exclude(pk__in=inside)
    return people, Membership.objects.mentoring_load(group.programme)


class GroupForm(KeepsChanges, TidyModelForm):
    """What a group is called, when it runs, how it keeps in touch."""

    is_past_meant = forms.BooleanField(label=_("Yes, the dates are right."), required=False, widget=forms.HiddenInput)
    is_name_meant = forms.BooleanField(
        label=_("Yes, both groups have this name."), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = MentoringGroup
        fields = (
            "name", "motto", "kind", "form", "starts_on", "ends_on", "initial_channel", "communication_schedule",
        )  # fmt: skip
        widgets = {  # noqa: RUF012 -- Django's way
            "kind": forms.RadioSelect,
            "form": forms.RadioSelect,
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "communication_schedule": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse dates in the wrong order, and a pair of more than one Mentee."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end is before the start."))
        kind = cleaned.get("kind")
        if kind and self.instance.pk and (why := places.why_not_of_kind(self.instance, kind)):
            self.add_error("kind", why)
        self._ask_about_the_past(cleaned, is_meant=cleaned.pop("is_past_meant", False))
        self._ask_about_the_name(cleaned, is_meant=cleaned.pop("is_name_meant", False))
        return cleaned

    def _ask_about_the_name(self, cleaned: dict[str, Any], *, is_meant: bool) -> None:
        """Take the name of another group of the programme that is not over once it was confirmed."""
        name, programme = cleaned.get("name"), getattr(self, "programme", None) or self.instance.programme
        if is_meant or not name or "name" not in self.changed_data:
            return
        if MentoringGroup.objects.called(name, programme).exclude(pk=self.instance.pk).exists():
            self.fields["is_name_meant"].widget = forms.CheckboxInput()
            self.add_error("name", _("There is a group with this name already. Choose another one, or confirm below."))

    def _ask_about_the_past(self, cleaned: dict[str, Any], *, is_meant: bool) -> None:
        """Take a new start or end that has passed once it was confirmed; what stays as it was is not asked about."""
        if is_meant:
            return
        changed = [name for name in ("starts_on", "ends_on") if name in self.changed_data]
        for name in changed:
            if name in cleaned and cleaned[name] < programme_today():
                self.fields["is_past_meant"].widget = forms.CheckboxInput()
                self.add_error(name, _("This day has passed. Choose a later one, or confirm below that it is right."))


class NewGroupForm(SearchesPeople, GroupForm):
    """A new group with its first people; both may come later."""

    mentors = PeopleChoice(
        queryset=User.objects.none(),
        label=_("Mentor"),
        required=False,
        help_text=_("One; a co-Mentor is possible. You can choose later."),
    )
    mentees = PeopleChoice(
        queryset=User.objects.none(), label=_("Mentees"), required=False, help_text=_("You can add people at any time.")
    )

    def __init__(self, *args: Any, programme: Programme, manager: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        for name, role in (("mentors", ProgrammeRole.MENTOR), ("mentees", ProgrammeRole.MENTEE)):
            self.offer_people(name, enrolled(programme, role).exclude(pk=manager.pk), programme)

    def clean(self) -> dict[str, Any]:
        """Refuse a person in two roles, two Mentees in a pair, more than two Mentors."""
        cleaned = super().clean()
        mentors, mentees = set(cleaned.get("mentors") or []), set(cleaned.get("mentees") or [])
        for person in mentors & mentees:
            self.add_error("mentees", _("%(name)s is chosen as Mentor already.") % {"name": person.full_name})
        kind = cleaned.get("kind", "")
        for name, role, people in (("mentors", Role.MENTOR, mentors), ("mentees", Role.MENTEE, mentees)):
            if why := places.why_too_many(kind=kind, role=role, people=len(people)):
                self.add_error(name, why)
        return cleaned


class MemberForm(SearchesPeople, TidyForm):
    """A person of the programme who joins a group."""

    role = forms.ChoiceField(label=_("As"), choices=Role.choices, widget=forms.RadioSelect)
    person = PersonChoice(queryset=User.objects.none(), label=_("Who"), empty_label=None, widget=SearchedDots)

    def __init__(self, *args: Any, group: MentoringGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        inside = Membership.objects.live().filter(group=group).values("user")
        people = enrolled(group.programme, *ProgrammeRole).exclude(pk__in=inside)
        self.offer_people("person", people, group.programme, inside=User.objects.filter(pk__in=inside))
        self.managers = enrolled(group.programme, ProgrammeRole.MANAGER)
        self.mentors = enrolled(group.programme, ProgrammeRole.MENTOR)

    def clean(self) -> dict[str, Any]:
        """Refuse a role that has no place, and to make somebody a Manager or a Mentor unasked: that is enrolling."""
        cleaned = super().clean() or {}
        person, role = cleaned.get("person"), cleaned.get("role")
        if role and (why := places.why_no_place(self.group, role)):
            self.add_error("role", why)
            return cleaned
        if person and cleaned.get("role") == Role.MANAGER and not self.managers.filter(pk=person.pk).exists():
            text = _("%(name)s is no Manager of this programme. A Programme Admin can invite them as one.")
            self.add_error("role", text % {"name": person.full_name})
        if person and cleaned.get("role") == Role.MENTOR and not self.mentors.filter(pk=person.pk).exists():
            text = _(
                "%(name)s is no Mentor of this programme yet. Invite them as a Mentor: they are one once they accept."
            )
            self.add_error("role", text % {"name": person.full_name})
        return cleaned


class ReasonForm(TidyForm):
    """A reason that is kept."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why.")},
    )


class MessageForm(TidyForm):
    """What one writes to another member of a group."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
    )


class OptionalReasonForm(ReasonForm):
    """A reason that may stay empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


class ReplaceMentorForm(ReasonForm):
    """The person who takes the Mentor's place, and why."""

    person = MentorChoice(
        queryset=User.objects.none(),
        label=_("New Mentor"),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose a Mentor.")},
    )
    field_order = ("person", "reason")

    def __init__(self, *args: Any, group: MentoringGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["person"].queryset, fields["person"].load = mentors_for(group)


class ChooseMentorForm(TidyForm):
    """The Mentor of a group that has none, or the second one."""

    person = MentorChoice(
        queryset=User.objects.none(),
        label=_("Mentors of the programme"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a Mentor.")},
    )

    def __init__(self, *args: Any, group: MentoringGroup, words: str = "", **kwargs: Any) -> None:
        """Offer the Mentors whose name or address contains `words`; whoever is chosen must be among all of them."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        self.group = group
        field.queryset, field.load = mentors_for(group)
        self.are_many = field.queryset.count() > FEW_PEOPLE
        if words.strip() and not self.is_bound:
            found = Enrolment.objects.live().of_programme(group.programme).matching(words)
            field.queryset = field.queryset.filter(pk__in=found.values("user"))

    def clean(self) -> dict[str, Any]:
        """Refuse a Mentor for whom the group has no place."""
        cleaned = super().clean() or {}
        if cleaned.get("person") and (why := places.why_no_place(self.group, Role.MENTOR)):
            self.add_error("person", why)
        return cleaned


class AsksIfInvited(TidyModelForm):
    """A form that invites: of an address that is invited already it says so, and takes it once that was confirmed."""

    is_anew_meant = forms.BooleanField(
        label=_("Yes, send a new invitation in its place."), required=False, widget=forms.HiddenInput
    )

    def refuse_without_place(self, cleaned: dict[str, Any]) -> None:
        """Refuse, beside the fields, whom the group cannot take in this role."""
        email, role, group = (cleaned.get(name) for name in ("email", "role", "group"))
        if not (email and role and group):
            return
        for name, why in invitations.why_not_into(group, email, role).items():
            self.add_error(name, why)

    def ask_if_invited(self, cleaned: dict[str, Any], programme: Programme, standing: Standing) -> None:
        """Ask about the invitation whose link would stop working; of a press that came twice nothing is asked."""
        is_meant = cleaned.pop("is_anew_meant", False)
        email, role, group = (cleaned.get(name) for name in ("email", "role", "group"))
        if is_meant or not email or not role:
            return
        before = Invitation.objects.waiting_for(programme, email, role).first()
        said = {name: cleaned.get(name) or "" for name in ("full_name", "language")}
        if before is None or invitations.was_just_sent(before, group=group, **said):
            return
        self.fields["is_anew_meant"].widget = forms.CheckboxInput()
        self.add_error("email", _invited_words(before, standing))


def _invited_words(before: Invitation, standing: Standing) -> str:
    """Return what the address is invited to; not the group of somebody else, whose groups are not told."""
    facts = {"role": before.get_role_display(), "day": date_format(programme_day(before.expires_at))}
    if before.group is not None and Invitation.objects.allowing(standing, Action.VIEW).filter(pk=before.pk).exists():
        words = _("This address is invited already: %(role)s, group “%(group)s”, until %(day)s.")
        facts["group"] = before.group.name
    else:
        words = _("This address is invited already: %(role)s, until %(day)s.")
    more = _("Choose another address, or confirm below that a new invitation takes its place; its link ends then.")
    return f"{words % facts} {more}"


class InvitationForm(AsksIfInvited):
    """Whom to invite, as what."""

    class Meta:
        model = Invitation
        fields = ("email", "full_name", "role", "group", "language")
        widgets = {"role": forms.RadioSelect}  # noqa: RUF012 -- Django's way

    def __init__(
        self, *args: Any, programme: Programme, roles: set[ProgrammeRole], standing: Standing, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programme, self.standing = programme, standing
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [choice for choice in ProgrammeRole.choices if choice[0] in roles]
        groups = MentoringGroup.objects.filter(programme=programme).not_over().order_by("name")
        fields["group"].queryset = groups.of_member(standing, Role.MANAGER)
        fields["group"].empty_label = _("No group yet")
        fields["full_name"].help_text = _("Used in the e-mail; the person can change it.")
        fields["language"].choices = own_language_names()
        if not self.is_bound:
            self.initial.setdefault("role", ProgrammeRole.MENTEE)
            self.initial.setdefault("language", programme.default_language)

    def clean(self) -> dict[str, Any]:
        """Refuse what the group has no place for; ask about an invitation that is open already."""
        cleaned = super().clean() or {}
        self.refuse_without_place(cleaned)
        self.ask_if_invited(cleaned, self.programme, self.standing)
        return cleaned
