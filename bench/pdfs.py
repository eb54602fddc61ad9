"""How fast documents are made: through the queue and the real worker."""

import statistics
import time
from typing import Any

from bench import machine
from documents.models import DocumentVersion
from mentoring.models import MentoringGroup
from rendering.models import Rendering
from responses_app import services as forms
from responses_app.models import FormResponse
from tools.models import Tool

CONTRACT: dict[str, Any] = {
    "meetings_total": 10, "meetings_in_person": 3, "rhythm": "twice_monthly", "meeting_minutes": 60,
    "channels": ["email", "video"], "reply_days": 2, "notice_hours": 24, "kept_months": 36,
}  # fmt: skip
WITHIN = 120


def contracts(groups: list[dict[str, Any]], worker: int, *, count: int) -> dict[str, float]:
    """Hand in the contracts of so many groups at once.

    Returns:
        PDFs per second, CPU time per PDF in ms, pages of one.
    """
    _contract(groups[0])
    _wait_until_made()  # warm
    chosen = groups[1 : count + 1]
    before, begun = machine.cpu_seconds(worker), time.perf_counter()
    for group in chosen:
        _contract(group)
    _wait_until_made()
    elapsed, spent = time.perf_counter() - begun, machine.cpu_seconds(worker) - before
    pages = Rendering.objects.filter(kind="form", group=chosen[-1]["id"]).latest("pk").pages
    return {"per_second": len(chosen) / elapsed, "cpu_ms": 1000 * spent / len(chosen), "pages": pages}


def _contract(told: dict[str, Any]) -> None:
    group = MentoringGroup.objects.select_related("programme__pack", "programme__organisation").get(pk=told["id"])
    manager = group.memberships.get(role="manager").user
    template = Tool.objects.of_pack(group.programme.pack_id).get(key="contract")
    form = forms.start_form(group=group, tool=template, user=manager)
    days = {
        "concluded_on": group.starts_on.isoformat(),
        "starts_on": group.starts_on.isoformat(),
        "ends_on": group.ends_on.isoformat(),
    }
    forms.submit_form(form=form, user=manager, lock=form.lock, answers=CONTRACT | days)


def _wait_until_made() -> None:
    deadline = time.monotonic() + WITHIN
    while Rendering.objects.under_way().exists():
        if time.monotonic() > deadline:
            raise TimeoutError("The worker does not finish.")
        time.sleep(0.05)


def filed_after(submit: Any, drafts: list[int]) -> list[float]:
    """Hand in one form after the other, and measure how long it takes until its PDF is filed.

    Args:
        submit: hands in the form with this number through its page.

    Returns:
        Seconds, one for each.
    """
    taken = []
    for draft in drafts:
        begun = time.perf_counter()
        submit(draft)
        form = FormResponse.objects.get(pk=draft)
        while not DocumentVersion.objects.filter(rendering__submission__form=form).exists():
            if time.perf_counter() - begun > WITHIN:
                raise TimeoutError("A diary is not filed.")
            time.sleep(0.02)
        taken.append(time.perf_counter() - begun)
    return taken


def p95(seconds: list[float]) -> float:
    """Return what 95 of 100 stay under."""
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
