"""The one next step of a person, with which the e-mail of the day begins: the app above that knows it registers it."""

from collections.abc import Callable
from dataclasses import dataclass

from mentoring.standing import Standing


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a person does next, and the address where."""

    title: str
    url: str


Provider = Callable[[Standing], NextStep | None]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let `provider` say what a person does next; None when nothing waits for them. For `apps.ready()`."""
    if provider not in _providers:
        _providers.append(provider)


def next_step_of(standing: Standing) -> NextStep | None:
    """Return the next step, of the first app that knows one."""
    return next((found for provider in _providers if (found := provider(standing))), None)
