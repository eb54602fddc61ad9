"""The state of a PDF in the making, in the words of the person who looks."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policy.roles import Action
from core.templatetags.ui import clock
from mentoring.standing import Standing
from rendering.kinds import kind_of
from rendering.models import Rendering, RenderingState
from rendering.services import renderings

REASONS: Final[dict[str, str | Promise]] = {
    renderings.TOO_SLOW: gettext_lazy("It took too long. There may be an unusually long table or text in it."),
    renderings.OUT_OF_MEMORY: gettext_lazy("It needed too much memory. There may be an unusually long text in it."),
    renderings.ENGINE: gettext_lazy("The page layout failed."),
    renderings.STORAGE: gettext_lazy("The file store did not answer."),
    renderings.LOST: gettext_lazy("The process that makes PDFs stopped three times while it worked on this one."),
    renderings.OTHER: gettext_lazy("An unexpected error. Administrators can find it in the log."),
}


@dataclass(frozen=True, slots=True)
class RenderingWords:
    """What `_rendering_state.html` shows.

    Attributes:
        status_url: where the page asks again; empty when there is nothing to wait for.
        retry_url: where staff asks for new tries; empty for others and while it is under way.
    """

    pk: int
    state: str
    text: str
    reason: str = ""
    status_url: str = ""
    retry_url: str = ""
    result_url: str = ""
    result_label: str = ""

    @property
    def title(self) -> str:
        """Return the title of the page that shows nothing else."""
        if self.state == RenderingState.READY:
            return _("The PDF is ready")
        failed = {RenderingState.FAILED: _("The PDF could not be made"), RenderingState.DROPPED: _("No PDF was made")}
        return failed.get(RenderingState(self.state), _("Making the PDF"))


def reason_of(rendering: Rendering) -> str:
    """Return why it failed, in a sentence."""
    return str(REASONS.get(rendering.error, rendering.error))


def words_of(rendering: Rendering, standing: Standing) -> RenderingWords:
    """Return the state in words; who may not try again is not told why it failed.

    Asks whether the person may retry only when there is something to retry.
    """
    state = rendering.state
    if state == RenderingState.READY:
        return RenderingWords(rendering.pk, state, _("The PDF is ready."), **_result(rendering))
    if rendering.is_under_way and state != RenderingState.RETRYING:
        return RenderingWords(rendering.pk, state, _("Making the PDF…"), status_url=_status_url(rendering))
    if state == RenderingState.DROPPED:
        return RenderingWords(rendering.pk, state, _("It was handed in again since; the newer one has the PDF."))
    may_retry = Rendering.objects.allowing(standing, Action.RETRY).has(rendering)
    extra = {
        "reason": reason_of(rendering) if may_retry else "",
        "retry_url": reverse("rendering:rendering-retry", args=[rendering.pk]) if may_retry else "",
    }
    if state == RenderingState.RETRYING:
        when = clock(timezone.localtime(max(rendering.next_try_at, timezone.now())))
        text = _("Not ready yet, next attempt at %(time)s") % {"time": when}
        return RenderingWords(rendering.pk, state, text, status_url=_status_url(rendering), **extra)
    text = _("The PDF could not be made. What was handed in is kept; the Mentor and the Manager can try again.")
    return RenderingWords(rendering.pk, state, text, **extra)


def _status_url(rendering: Rendering) -> str:
    return reverse("rendering:rendering-status", args=[rendering.pk])


def _result(rendering: Rendering) -> dict[str, str]:
    """Return where the finished PDF opens in the browser."""
    url = kind_of(rendering).result_url(rendering)
    return {"result_url": url, "result_label": _("Open the PDF")} if url else {}
