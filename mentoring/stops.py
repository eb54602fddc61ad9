"""Why something cannot be done in a group now: it is paused, or it is an archive. Each answer is empty when it can."""

from django.utils.translation import gettext as _

from core.policy.roles import Stage
from mentoring.models import MentoringGroup


def _why(group: MentoringGroup, *, closed: str, paused: str = "") -> str:
    """Choose the sentence; without one for a pause, a pause stops nothing."""
    if group.is_read_only:
        return closed
    return paused if group.stage == Stage.PAUSED else ""


def writing(group: MentoringGroup) -> str:
    """Why no form can be written, handed in or talked about."""
    names = {"group": group.name}
    return _why(
        group,
        closed=_("The group “%(group)s” is closed. Everything can be read, nothing can be changed.") % names,
        paused=_("The group “%(group)s” is paused. You can write again when it resumes.") % names,
    )


def adding(group: MentoringGroup) -> str:
    """Why its folders take no documents, for the page of a folder."""
    return _why(
        group,
        closed=_("The group is closed. Its documents stay here to read; nothing can be added."),
        paused=_("The group is paused. Documents can be added when it resumes."),
    )


def sending(group: MentoringGroup) -> str:
    """Why what was sent is not taken."""
    return _why(
        group,
        closed=_("This group is closed. Its folders can be read, and nothing can be added."),
        paused=_("This group is paused. Documents can be added when it resumes."),
    )


def removing(group: MentoringGroup) -> str:
    """Why documents can be neither removed nor brought back; a pause does not stop that."""
    return _why(group, closed=_("This group is closed. Its documents stay as they are."))


def planning(group: MentoringGroup) -> str:
    """Why the plan cannot be changed."""
    return _why(
        group,
        closed=_("This group is over. Its plan stays as it is."),
        paused=_("This group is paused. Its plan can be changed when it resumes."),
    )


def writing_to_people(group: MentoringGroup) -> str:
    """Why its members can no longer write to each other here; a pause does not stop that."""
    return _why(group, closed=_("This group is closed. What you wrote to each other can still be read."))


def waiving(group: MentoringGroup) -> str:
    """Why nothing can be waived; a pause does not stop that."""
    return _why(group, closed=_("This group is closed. Its checklist cannot be changed."))


def reminding(group: MentoringGroup) -> str:
    """Why nobody is reminded."""
    words = _("Nothing is due in this group now, so nobody is reminded.")
    return _why(group, closed=words, paused=words)


def changing(group: MentoringGroup) -> str:
    """Why neither its name and dates nor its people can be changed; a pause does not stop that."""
    return _why(group, closed=_("This group is closed. It stays as it is; reopen it to change something."))


def joining(group: MentoringGroup) -> str:
    """Why nobody can join; a pause does not stop that."""
    return _why(group, closed=_("This group is closed. Nobody can join it."))
