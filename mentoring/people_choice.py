"""Choosing people in a form: a few stand there to tick, very many are searched, without losing what was typed."""

from typing import Any, Final

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.keys import key_from
from core.policy.roles import ProgrammeRole
from core.web.forms import TidyText
from mentoring.models import Enrolment, Programme

FEW_PEOPLE: Final = 12
"""So many can be looked through without a search."""
MOST_FOUND: Final = 20


def people_label(user: User) -> str:
    """Return a person as a choice: name and address, for two people may share a name."""
    return f"{user.full_name} ({user.email})"


class Searched:
    """Mixin of choices: shows a field to search people with, where there are many."""

    template_name = "django/forms/widgets/searched_people.html"
    many = 0
    words = ""
    has_more = False
    nobody_found = False
    inside: tuple[str, ...] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return Django's context, and the search."""
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        context["widget"] |= {
            "many": self.many,
            "words": self.words,
            "has_more": self.has_more,
            "nobody_found": self.nobody_found,
            "inside": self.inside,
        }
        return context


class SearchedBoxes(Searched, forms.CheckboxSelectMultiple):  # type: ignore[misc]
    """Several people."""


class SearchedDots(Searched, forms.RadioSelect):  # type: ignore[misc]
    """One person."""


class PeopleChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Several people, as checkboxes."""

    widget = SearchedBoxes
    default_error_messages = {"required": _("Choose at least one person.")}  # noqa: RUF012 -- Django's way

    def label_from_instance(self, obj: Any) -> str:
        """Return name and address."""
        return people_label(obj)


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One person."""

    default_error_messages = {"required": _("Choose a person.")}  # noqa: RUF012 -- Django's way

    def label_from_instance(self, obj: Any) -> str:
        """Return name and address."""
        return people_label(obj)


def enrolled(programme: Programme, *roles: ProgrammeRole) -> Any:
    """Return the people enrolled in `programme` in one of `roles`."""
    live = Enrolment.objects.live().filter(programme=programme, role__in=roles)
    return User.objects.filter(is_active=True, pk__in=live.values("user")).order_by("full_name")


class SearchesPeople(TidyText):
    """Mixin of forms in which people are searched: “Find” shows the form again, unchecked, with all that was typed."""

    @property
    def is_search(self) -> bool:
        """Whether the button “Find” was pressed."""
        return self.is_bound and "find" in self.data

    def full_clean(self) -> None:
        """Check nothing while somebody is still searching."""
        if self.is_search:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def is_valid(self) -> bool:
        """Return whether this can be saved; a search never is."""
        return not self.is_search and super().is_valid()

    def offer_people(self, name: str, people: Any, programme: Programme, inside: Any = None) -> None:
        """Offer `people` in a field: all of a few; of many those who are chosen and those whose name is searched.

        Whoever is chosen must be among `people`, shown or not.

        Args:
            inside: people who are there already: not offered, but named when they are searched.
        """
        field: Any = self.fields[name]
        field.queryset = people
        few = list(people[: FEW_PEOPLE + 1])
        if len(few) <= FEW_PEOPLE:
            field.choices = [(person.pk, field.label_from_instance(person)) for person in few]
            return
        data: Any = self.data
        widget: Any = field.widget
        widget.many, widget.words = people.order_by().count(), str(data.get(f"{name}-words", ""))
        chosen = data.getlist(name) if self.is_bound else self.get_initial_for_field(field, name) or []
        keys = {key for each in chosen if (key := key_from(str(each))) is not None}
        shown = list(people.filter(pk__in=keys)) if keys else []
        if widget.words.strip():
            matching = Enrolment.objects.live().of_programme(programme).matching(widget.words)
            found = list(people.filter(pk__in=matching.values("user")).exclude(pk__in=keys)[: MOST_FOUND + 1])
            chosen_too = bool(keys) and people.filter(pk__in=keys).filter(pk__in=matching.values("user")).exists()
            widget.has_more, widget.nobody_found = len(found) > MOST_FOUND, not found and not chosen_too
            shown += found[:MOST_FOUND]
            if inside is not None:
                there = inside.filter(pk__in=matching.values("user")).order_by("full_name")
                widget.inside = tuple(person.full_name for person in there)
        field.choices = [(person.pk, field.label_from_instance(person)) for person in shown]
