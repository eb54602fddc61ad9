"""Who may do what where: tables, data only.

`FOLDER_POLICY` becomes guardian grants on every folder (`documents.grants`), less what a Manager withholds there within
`SHAREABLE`; `AREA_POLICY` is asked by the `.allowing(standing, action)` querysets through memberships.
`PROGRAMME_POLICY` is the same for enrolments, and `COMMUNITY_POLICY` and `ANNOUNCEMENT_POLICY` for the boards of a
programme. `docs/permissions.md` is printed from this file. The promises of the old platform (domain.md 2.3) are stated
independently in `tests/test_promises.py`.
"""

from collections.abc import Mapping

from core.policy.roles import Action, Area, FolderKind, ProgrammeRole, Role

V = Action.VIEW
_KEEPER = frozenset({V, Action.UPLOAD, Action.REPLACE, Action.REMOVE})
_READER = frozenset({V})
_MANAGER = _KEEPER | {Action.MANAGE}
_WRITER = frozenset({V, Action.WRITE})
_MODERATOR = _WRITER | {Action.MODERATE}
_NOBODY: frozenset[Action] = frozenset()

FOLDER_POLICY: Mapping[FolderKind, Mapping[Role, frozenset[Action]]] = {
    FolderKind.MANAGING: {Role.MANAGER: _MANAGER, Role.MENTOR: _KEEPER, Role.MENTEE: _READER},
    FolderKind.MONITORING: {Role.MANAGER: _MANAGER, Role.MENTOR: _KEEPER, Role.MENTEE: _READER},
    # Papers that stay with one person; each shows only to its owner (Document.audience).
    FolderKind.PERSONAL: {Role.MANAGER: _READER, Role.MENTOR: _READER, Role.MENTEE: _READER},
}

# What whoever manages a folder may withhold there, from a role or from one person who has it; nothing is ever added.
# A Manager goes on reading and managing: somebody must be able to undo it.
SHAREABLE: Mapping[Role, frozenset[Action]] = {
    Role.MANAGER: _KEEPER - {V},
    Role.MENTOR: _KEEPER,
    Role.MENTEE: _READER,
}

# What goes with it: who may not read may do nothing, and a new version is a file that is added.
WITHHELD_WITH: Mapping[Action, frozenset[Action]] = {
    V: _KEEPER,
    Action.UPLOAD: frozenset({Action.REPLACE}),
}

AREA_POLICY: Mapping[Area, Mapping[Role, frozenset[Action]]] = {
    Area.GROUP: {
        Role.MANAGER: frozenset({V, Action.MANAGE}),
        Role.MENTOR: _READER,
        Role.MENTEE: _READER,
    },
    # Download only, for all three roles (domain.md 2.3).
    Area.LIBRARY: {Role.MANAGER: _READER, Role.MENTOR: _READER, Role.MENTEE: _READER},
    Area.PEOPLE: {
        Role.MANAGER: frozenset({V, Action.MANAGE}),
        Role.MENTOR: frozenset({V}),
        Role.MENTEE: frozenset({V}),
    },
    Area.PLAN: {
        Role.MANAGER: frozenset({V, Action.CHANGE}),
        Role.MENTOR: frozenset({V, Action.CHANGE}),
        Role.MENTEE: frozenset({V}),
    },
    # Which tool a role fills in is data of the tool (`filled_by`); who reads an answer is its audience.
    Area.FORM: {
        Role.MANAGER: frozenset({V, Action.FILL, Action.DECIDE, Action.COMMENT, Action.RETRY}),
        Role.MENTOR: frozenset({V, Action.FILL, Action.DECIDE, Action.COMMENT, Action.RETRY}),
        Role.MENTEE: frozenset({V, Action.FILL, Action.COMMENT}),
    },
    Area.CHECKLIST: {
        Role.MANAGER: frozenset({V, Action.MANAGE, Action.EXPORT}),
        Role.MENTOR: frozenset({V}),
        Role.MENTEE: _NOBODY,
    },
    # The board of a group: everybody in it writes; nobody outside it reads.
    Area.BOARD: {
        Role.MANAGER: _MODERATOR,
        Role.MENTOR: _MODERATOR,
        Role.MENTEE: _WRITER,
    },
}

# The communities: people of one role in one programme, of all its groups. Managers look after all of them.
COMMUNITY_POLICY: Mapping[Role, Mapping[ProgrammeRole, frozenset[Action]]] = {
    Role.MANAGER: {
        ProgrammeRole.ADMIN: _NOBODY,
        ProgrammeRole.MANAGER: _MODERATOR,
        ProgrammeRole.MENTOR: _NOBODY,
        ProgrammeRole.MENTEE: _NOBODY,
    },
    Role.MENTOR: {
        ProgrammeRole.ADMIN: _NOBODY,
        ProgrammeRole.MANAGER: _MODERATOR,
        ProgrammeRole.MENTOR: _WRITER,
        ProgrammeRole.MENTEE: _NOBODY,
    },
    Role.MENTEE: {
        ProgrammeRole.ADMIN: _NOBODY,
        ProgrammeRole.MANAGER: _MODERATOR,
        ProgrammeRole.MENTOR: _NOBODY,
        ProgrammeRole.MENTEE: _WRITER,
    },
}

# The announcements of a programme.
ANNOUNCEMENT_POLICY: Mapping[ProgrammeRole, frozenset[Action]] = {
    ProgrammeRole.ADMIN: _MODERATOR,
    ProgrammeRole.MANAGER: _MODERATOR,
    ProgrammeRole.MENTOR: _READER,
    ProgrammeRole.MENTEE: _READER,
}

# Programme Admins configure; they do not read forms, diaries, folders or the boards of groups (design.md 3).
PROGRAMME_POLICY: Mapping[ProgrammeRole, frozenset[Action]] = {
    ProgrammeRole.ADMIN: frozenset({V, Action.CHANGE, Action.INVITE}),
    ProgrammeRole.MANAGER: frozenset({V, Action.OPEN_GROUP, Action.INVITE}),
    ProgrammeRole.MENTOR: frozenset({V}),
    ProgrammeRole.MENTEE: frozenset({V}),
}

# A Manager invites the people of groups; only an Admin invites Managers and Admins.
MAY_INVITE: Mapping[ProgrammeRole, frozenset[ProgrammeRole]] = {
    ProgrammeRole.ADMIN: frozenset(ProgrammeRole),
    ProgrammeRole.MANAGER: frozenset({ProgrammeRole.MENTOR, ProgrammeRole.MENTEE}),
    ProgrammeRole.MENTOR: frozenset(),
    ProgrammeRole.MENTEE: frozenset(),
}


def may_be_withheld(kind: FolderKind, role: Role) -> frozenset[Action]:
    """Return what can be withheld from `role` in a folder: what the table grants, in a folder that somebody manages."""
    by_role = FOLDER_POLICY[kind]
    is_managed = any(Action.MANAGE in actions for actions in by_role.values())
    return by_role[role] & SHAREABLE[role] if is_managed else _NOBODY


def roles_allowed(area: Area, action: Action) -> list[str]:
    """Return the group roles that may do `action` in `area`."""
    return [role.value for role, actions in AREA_POLICY[area].items() if action in actions]


def programme_roles_allowed(action: Action) -> list[str]:
    """Return the programme roles that may do `action` on a programme."""
    return [role.value for role, actions in PROGRAMME_POLICY.items() if action in actions]


def community_roles_allowed(community: Role, action: Action) -> list[str]:
    """Return the programme roles that may do `action` in the community of a role."""
    return [role.value for role, actions in COMMUNITY_POLICY[community].items() if action in actions]


def announcement_roles_allowed(action: Action) -> list[str]:
    """Return the programme roles that may do `action` with the announcements of a programme."""
    return [role.value for role, actions in ANNOUNCEMENT_POLICY.items() if action in actions]
