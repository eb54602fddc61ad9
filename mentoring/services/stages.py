"""The stages of a group and the gates between them (domain.md 4.8).

A gate says what is still missing; a Manager may waive it with a reason. Higher layers add gates in their
`apps.ready()` with `register_gate`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import events
from core.policy.roles import ROAD, Role, Stage
from mentoring.models import MentoringGroup, StageChange
from mentoring.roles import people_in

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a gate still misses, in words for the Manager, with the page that settles it."""

    key: str
    sentence: str
    url: str = ""


Gate = Callable[[MentoringGroup], list[Missing]]
_gates: dict[Stage, list[Gate]] = defaultdict(list)


def register_gate(stage: Stage, gate: Gate) -> None:
    """Let `gate(group)` say what is missing before a group enters `stage`."""
    if gate not in _gates[stage]:
        _gates[stage].append(gate)


def is_last(change: StageChange) -> bool:
    """Return whether the group stands where this step led it."""
    return change == StageChange.objects.filter(group=change.group_id).last()


def next_stage(group: MentoringGroup) -> Stage | None:
    """Return the stage that follows on the road; None at its end and on side exits."""
    if group.stage not in ROAD or group.stage == ROAD[-1]:
        return None
    return ROAD[ROAD.index(Stage(group.stage)) + 1]


def missing_for(group: MentoringGroup, stage: Stage) -> list[Missing]:
    """Return everything that the gates of `stage` still miss."""
    return [each for gate in _gates[stage] for each in gate(group)]


def history(group: MentoringGroup) -> list[StageChange]:
    """Return the steps of the group so far, newest first, with who took them."""
    return list(group.stage_changes.select_related("actor").order_by("-changed_at", "-pk"))


def _people_gate(group: MentoringGroup) -> list[Missing]:
    found = []
    if not people_in(group, Role.MENTOR):
        found.append(Missing("mentor", _("The group has no Mentor.")))
    if not people_in(group, Role.MENTEE):
        found.append(Missing("mentee", _("The group has no Mentee.")))
    return found


register_gate(Stage.MATCHED, _people_gate)


def _hold(group: MentoringGroup) -> None:
    """Take the group's stage as it is now and keep others from changing it until the transaction ends."""
    held = MentoringGroup.objects.hold(group)
    for name in ("stage", "paused_from", "end_reason"):
        setattr(group, name, getattr(held, name))


def _change(
    group: MentoringGroup,
    stage: Stage,
    *,
    by: "User | None",
    reason: str,
    waived: list[str],
    at: datetime | None,
    by_itself: bool = False,
) -> StageChange:
    """Write the new stage, its history row and the event.

    Args:
        by: whose act led to it.
        by_itself: nobody took the step, so the history names nobody; the event keeps whose act led to it.
    """
    change = StageChange.objects.create(
        group=group,
        from_stage=group.stage,
        to_stage=stage,
        reason=reason,
        waived_gates=waived,
        actor=None if by_itself else by,
        changed_at=at or timezone.now(),
    )
    group.stage = stage
    group.save(update_fields=["stage", "paused_from", "end_reason"])
    events.record("group.stage_changed", actor=by, group_id=group.pk, target=group, at=at, stage=stage.value)
    return change


@transaction.atomic
def advance(
    *, group: MentoringGroup, by: "User", reason: str = "", expected: str | None = None, at: datetime | None = None
) -> StageChange:
    """Take the group one step further on the road.

    Args:
        expected: the stage that the person saw it in; that of `group` when None.
        reason: needed when a gate misses something; it is recorded with the waived gates.

    Raises:
        ValidationError: no further stage, it is in another one by now, or something is missing and no reason was given.
    """
    seen = group.stage
    _hold(group)
    stage = next_stage(group)
    if group.stage != (seen if expected is None else expected):
        raise ValidationError(_("The stage was changed meanwhile. Check how it stands now."))
    if stage is None:
        raise ValidationError(_("This group has no further stage."))
    missing = missing_for(group, stage)
    if missing and not reason.strip():
        raise ValidationError({"reason": _("Something is still missing. Say why the group continues without it.")})
    return _change(group, stage, by=by, reason=reason.strip(), waived=[each.key for each in missing], at=at)


@transaction.atomic
def advance_if_ready(*, group: MentoringGroup, by: "User | None", to: Stage, at: datetime | None = None) -> bool:
    """Take the group to `to` if that is its next stage and no gate misses anything.

    One that was taken back goes on only when its Manager says so.

    Returns:
        Whether it moved. Called when the last missing document arrives, so that nobody has to press a button.
    """
    _hold(group)
    if next_stage(group) != to or was_taken_back(history(group)) or missing_for(group, to):
        return False
    _change(group, to, by=by, reason="", waived=[], at=at, by_itself=True)
    return True


def was_taken_back(changes: Iterable[StageChange]) -> bool:
    """Return whether the last step was one back on the road, whatever pause came after it.

    Args:
        changes: the history of a group, newest first.
    """
    steps = (each for each in changes if Stage.PAUSED not in {each.from_stage, each.to_stage})
    last = next(steps, None)
    return last is not None and last.is_step_back


def stage_before(group: MentoringGroup) -> Stage | None:
    """Return the stage that a step back leads to; None at the beginning of the road and off it."""
    if group.stage not in ROAD or group.is_read_only or group.stage == ROAD[0]:
        return None
    return ROAD[ROAD.index(Stage(group.stage)) - 1]


BY_ITSELF: Final = (Stage.MATCHED, Stage.CONTRACTED, Stage.RUNNING)
"""The stages that a group enters by itself where its programme says so; it closes only when its Manager says so."""


@dataclass(frozen=True, slots=True)
class Unfounded:
    """A stage that the group has reached, though what it asks for is not there any more."""

    stage: Stage
    before: Stage
    missing: list[Missing]


def unfounded(group: MentoringGroup) -> Unfounded | None:
    """Return the first stage since the contract that was reached and misses something now; None while all holds.

    What was said about a document can be corrected afterwards. The stage does not move back by itself: the Manager is
    asked. What a Manager went on without, with a reason, is not missing.
    """
    if group.stage not in ROAD or group.is_read_only:
        return None
    waived = {key for change in group.stage_changes.all() for key in change.waived_gates}
    reached = ROAD[ROAD.index(Stage.CONTRACTED) : ROAD.index(Stage(group.stage)) + 1]
    for stage in reached:
        missing = [each for each in missing_for(group, stage) if each.key not in waived]
        if missing:
            return Unfounded(stage, ROAD[ROAD.index(stage) - 1], missing)
    return None


def stage_to_go_back_to(group: MentoringGroup) -> Stage | None:
    """Return where a step back leads: before the first stage that is unfounded, else one step."""
    known = unfounded(group)
    return known.before if known else stage_before(group)


@transaction.atomic
def take_back(
    *, group: MentoringGroup, by: "User", reason: str, expected: str | None = None, to: Stage | None = None
) -> StageChange:
    """Take the group back on the road, because it was taken further by mistake.

    Args:
        expected: the stage that the person saw it in; that of `group` when None.
        to: an earlier stage; one step back when None.

    Raises:
        ValidationError: no step to take back, it is in another stage by now, or no reason was given.
    """
    seen = group.stage
    _hold(group)
    if group.stage != (seen if expected is None else expected):
        raise ValidationError(_("The stage was changed meanwhile. Check how it stands now."))
    stage = stage_before(group)
    if stage is None:
        raise ValidationError(_("There is no stage to go back to."))
    if to is not None and to in ROAD and ROAD.index(to) < ROAD.index(stage):
        stage = to
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    return _change(group, stage, by=by, reason=reason.strip(), waived=[], at=None)


@transaction.atomic
def pause(*, group: MentoringGroup, by: "User", reason: str) -> StageChange:
    """Pause a group: nothing is due, nothing can be written, everything can be read.

    Raises:
        ValidationError: it is not running in any way, or no reason was given.
    """
    _hold(group)
    if group.is_read_only or group.stage == Stage.PAUSED:
        raise ValidationError(_("This group cannot be paused now."))
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    group.paused_from = group.stage
    return _change(group, Stage.PAUSED, by=by, reason=reason.strip(), waived=[], at=None)


@transaction.atomic
def resume(*, group: MentoringGroup, by: "User") -> StageChange:
    """Let a paused group go on where it was.

    Raises:
        ValidationError: it is not paused.
    """
    _hold(group)
    if group.stage != Stage.PAUSED:
        raise ValidationError(_("This group is not paused."))
    stage = Stage(group.paused_from or Stage.FORMING)
    group.paused_from = ""
    return _change(group, stage, by=by, reason="", waived=[], at=None)


@transaction.atomic
def end_early(*, group: MentoringGroup, by: "User", reason: str, at: datetime | None = None) -> StageChange:
    """End a group before its time, without blame; it becomes a read-only archive.

    Raises:
        ValidationError: it is over already, or no reason was given.
    """
    _hold(group)
    if group.is_read_only:
        raise ValidationError(_("This group has already ended."))
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason; the group can read it.")})
    group.end_reason = reason.strip()[:300]
    return _change(group, Stage.ENDED_EARLY, by=by, reason=group.end_reason, waived=[], at=at)


@transaction.atomic
def reopen(*, group: MentoringGroup, by: "User", reason: str) -> StageChange:
    """Take back the end of a group: it goes to the stage it ended from (undo of closing and ending early).

    Raises:
        ValidationError: it is not over, or no reason was given.
    """
    _hold(group)
    if not group.is_read_only:
        raise ValidationError(_("This group has not ended."))
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    last = group.stage_changes.filter(to_stage=group.stage).last()
    group.end_reason = ""
    stage = Stage(last.from_stage) if last and last.from_stage else Stage.RUNNING
    return _change(group, stage, by=by, reason=reason.strip(), waived=[], at=None)
