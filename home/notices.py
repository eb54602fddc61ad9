"""The next step of a person, as their first screen names it."""

from core.policy.roles import Role
from home.filters import Filters
from home.pages.manager import manager_context
from home.pages.mentee import mentee_context
from home.pages.mentor import mentor_context
from home.screens import screens_of
from mentoring.standing import Standing
from notices.next_steps import NextStep, register


def next_step(standing: Standing) -> NextStep | None:
    """Return what the first of the person's screens asks for first; None where nothing waits."""
    for screen in screens_of(standing):
        if (found := _FIRST_OF.get(screen, _nothing)(standing)) is not None:
            return found
    return None


def _nothing(standing: Standing) -> NextStep | None:  # noqa: ARG001 -- of the screens that ask for nothing
    return None


def _of_manager(standing: Standing) -> NextStep | None:
    needs = manager_context(standing, Filters()).get("first_needs")
    return NextStep(needs[0].title, needs[0].url) if needs else None


def _of_mentor(standing: Standing) -> NextStep | None:
    waiting = mentor_context(standing)["waiting"]["first"]
    return NextStep(waiting[0].title, waiting[0].url) if waiting else None


def _of_mentee(standing: Standing) -> NextStep | None:
    if not standing.groups_as(Role.MENTEE):
        return None
    thing = mentee_context(standing)["next"]
    return NextStep(thing.title, thing.url) if not thing.second else None


_FIRST_OF = {Role.MANAGER.value: _of_manager, Role.MENTOR.value: _of_mentor, Role.MENTEE.value: _of_mentee}

register(next_step)
