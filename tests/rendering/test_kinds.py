"""Every kind of rendering has someone who answers for it."""

import pytest

from rendering import kinds
from rendering.checks import every_kind_is_answered_for
from rendering.models import RenderingKind


def test_every_kind_is_registered() -> None:
    assert kinds.missing(RenderingKind.values) == []
    assert every_kind_is_answered_for(None) == []


def test_a_kind_that_nobody_registered_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(kinds._kinds)
    del known["photos"]
    monkeypatch.setattr(kinds, "_kinds", known)
    assert [each.id for each in every_kind_is_answered_for(None)] == ["rendering.E001"]
