"""The question before a plan comes into force: what stands in it, and what will happen."""

from typing import Any

from mentoring.models import MentoringGroup
from sessions_app.models import SessionPlan
from sessions_app.pages.outline import outline_of


def agree_context(group: MentoringGroup, plan: SessionPlan) -> dict[str, Any]:
    """Return what the page of agreement shows."""
    outline = outline_of(group)
    return {
        "group": group,
        "plan": plan,
        "next_version": plan.agreed_version + 1,
        "session_count": len(outline.rows),
        "undated_count": sum(row.starts_at is None for row in outline.rows),
        "diary_days": group.programme.diary_due_days,
        "is_needless": bool(plan.agreed_version) and not plan.is_changed,
    }
