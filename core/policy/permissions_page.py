"""`docs/permissions.md`, printed from the policy tables."""

from django.utils import translation

from core.policy.roles import AUDIENCE_ROLES, Action, ProgrammeRole, Role
from core.policy.tables import (
    ANNOUNCEMENT_POLICY,
    AREA_POLICY,
    COMMUNITY_POLICY,
    FOLDER_POLICY,
    MAY_INVITE,
    PROGRAMME_POLICY,
    may_be_withheld,
)

HEAD = """# Who may do what

Printed from `core/policy/tables.py` by `manage.py permissions_page`; a test fails when this page and the tables differ.

What a row does not grant does not exist for that person: the page answers 404 and the button is absent. A right that
is withheld by state (closed or paused group, signed contract) leaves a sentence instead. Nobody has a right in a group
without a membership that holds today; nobody has one by a flag on the account.
"""


def _table(title: str, head: list[str], rows: list[list[str]]) -> str:
    lines = [f"\n## {title}\n", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def _words(actions: frozenset[Action]) -> str:
    return ", ".join(str(action.label) for action in Action if action in actions) or "–"


def permissions_page() -> str:
    """Return the page as Markdown, in English."""
    with translation.override("en"):
        roles = [str(role.label) for role in Role]
        return "".join(
            [
                HEAD,
                _table(
                    "Folders (guardian grants on each folder, for the auth group of the role)",
                    ["folder", *roles],
                    [[str(kind.label), *(_words(by[role]) for role in Role)] for kind, by in FOLDER_POLICY.items()],
                ),
                _table(
                    "What a Manager may withhold in a folder, from the role or from one person",
                    ["folder", *roles],
                    [
                        [str(kind.label), *(_words(may_be_withheld(kind, role)) for role in Role)]
                        for kind in FOLDER_POLICY
                    ],
                ),
                _table(
                    "Areas of a group (through membership)",
                    ["area", *roles],
                    [[str(area.label), *(_words(by[role]) for role in Role)] for area, by in AREA_POLICY.items()],
                ),
                _table(
                    "Programme (through enrolment)",
                    ["role", "may", "invites"],
                    [
                        [
                            str(role.label),
                            _words(actions),
                            ", ".join(str(each.label) for each in type(role) if each in MAY_INVITE[role]) or "–",
                        ]
                        for role, actions in PROGRAMME_POLICY.items()
                    ],
                ),
                _table(
                    "Boards of a programme (through enrolment; the board of a group is an area of the group)",
                    ["board", *(str(role.label) for role in ProgrammeRole)],
                    [
                        *(
                            [f"community: {role.label}", *(_words(by[each]) for each in ProgrammeRole)]
                            for role, by in COMMUNITY_POLICY.items()
                        ),
                        ["announcements", *(_words(ANNOUNCEMENT_POLICY[each]) for each in ProgrammeRole)],
                    ],
                ),
                _table(
                    "Audience of a form and of its paper (the writer and the person it is about always read it)",
                    ["audience", "read by"],
                    [
                        [
                            str(audience),
                            ", ".join(str(Role(role).label) for role in Role.values if role in readers) or "–",
                        ]
                        for audience, readers in AUDIENCE_ROLES.items()
                    ],
                ),
            ]
        )
