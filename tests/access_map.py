"""Every route and who may use it, written by hand, independent of the policy table and the guards.

`For(thing, may)`: the route is asked with the keys of `thing` (see `tests/furniture.py`); exactly the people in `may`
get an answer, everyone else gets 404. A route that is not here fails the suite.
"""

from dataclasses import dataclass, field

MEMBERS = frozenset({"egle", "rasa", "milda", "tomas", "elena"})
STAFF = frozenset({"egle", "rasa"})
MANAGER = frozenset({"egle"})
MENTOR = frozenset({"rasa"})
ALL_MEMBERS = MEMBERS | {"boris", "petar", "aino", "kalina"}  # of both groups: they share the pack
ENROLLED = ALL_MEMBERS | {"jonas", "dana"}  # blanks are no secret; Jonas left his group, not the programme
MANAGERS = frozenset({"egle", "boris"})  # of the programme
INVITERS = MANAGERS | {"dana"}
ADMINS = frozenset({"dana", "sofia"})  # of the programme, and of the installation


@dataclass(frozen=True)
class For:
    """A route about one thing.

    Attributes:
        thing: name in the furniture.
        may: first names of those who get an answer.
        more: further keys of the URL.
        query: added to the address.
        sent: what the form sends; empty when not given.
    """

    thing: str
    may: frozenset[str]
    more: dict[str, object] = field(default_factory=dict)
    query: str = ""
    sent: dict[str, object] = field(default_factory=dict)


PUBLIC = "public"
SIGNED_IN = "signed_in"
# Where the keys of public routes come from: links that were sent by mail.
LINKS = {
    "account_reset_password_from_key": "reset_link",
    "mentoring:invitation-accept": "invitation_link",
    "notices:unsubscribe": "unsubscribe_link",
}

ACCESS: dict[str, For | str] = {
    # signing in: allauth's pages
    "account_change_password": SIGNED_IN,
    "account_inactive": PUBLIC,
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_set_password": SIGNED_IN,
    "account_signup": PUBLIC,
    "accounts:language-set": PUBLIC,
    "accounts:kept-form": SIGNED_IN,
    "accounts:profile-edit": SIGNED_IN,
    "core:healthz": PUBLIC,
    "core:readyz": PUBLIC,
    "core:robots": PUBLIC,
    "core:favicon": PUBLIC,
    "core:security": PUBLIC,
    "core:change-password": PUBLIC,
    # groups and people
    "mentoring:group-list": SIGNED_IN,
    "mentoring:people-list": SIGNED_IN,
    "mentoring:group-create": For("programme", MANAGERS),
    "mentoring:group-detail": For("group", MEMBERS),
    "mentoring:group-edit": For("group", MANAGER),
    "mentoring:group-exit": For("group", MANAGER, {"exit_kind": "pause"}),
    "mentoring:group-remove": For("group", MANAGER),
    "mentoring:group-resume": For("group", MANAGER),
    "mentoring:stage-change": For("group", MANAGER),
    "mentoring:page-detail": For("group", MEMBERS, {"key": "how-to"}),
    "mentoring:glossary-detail": For("group", MEMBERS),
    "mentoring:member-list": For("group", MEMBERS),
    "mentoring:member-create": For("group", MANAGER),
    "mentoring:mentor-choose": For("group", MANAGER),
    "mentoring:proposal-decide": For("proposal", STAFF),
    "mentoring:member-end": For("member", MANAGER),
    "mentoring:member-restore": For("member", MANAGER),
    "mentoring:mentor-replace": For("mentor", MANAGER),
    "mentoring:message-inbox": SIGNED_IN,
    "mentoring:message-list": For("mentor", MEMBERS - MENTOR),
    "mentoring:portrait-detail": For("portrait", MEMBERS | {"boris", "dana"}),
    "mentoring:invitation-create": For("programme", INVITERS),
    "mentoring:invitation-resend": For("invitation", frozenset({"egle", "dana"})),
    "mentoring:invitation-revoke": For("invitation", frozenset({"egle", "dana"})),
    "mentoring:invitation-accept": PUBLIC,
    # notices: each is one person's
    "notices:notice-list": SIGNED_IN,
    "notices:notices-seen": SIGNED_IN,
    "notices:notices-stream": SIGNED_IN,
    "notices:choices-edit": SIGNED_IN,
    "notices:notice-open": For("notice", frozenset({"milda"})),
    "notices:notice-seen": For("notice", frozenset({"milda"})),
    "notices:notice-unseen": For("notice", frozenset({"milda"})),
    "notices:kind-list": For("programme", frozenset({"dana", "sofia"})),
    "notices:notice-log": For("group", MANAGER),
    "notices:unsubscribe": PUBLIC,
    # what a programme reminds of: its Admins set the rules, Managers see their own groups
    "notices:rule-list": For("programme", ADMINS),
    "notices:rules-take": For("programme", ADMINS),
    "notices:rule-create": For("programme", ADMINS),
    "notices:rule-edit": For("rule", ADMINS),
    "notices:rule-switch": For("rule", ADMINS, query="?to=off"),
    "notices:rule-undo": For("rule_before", ADMINS),
    "notices:rule-remove": For("rule", ADMINS),
    "notices:mail-edit": For("programme", ADMINS),
    "notices:mail-undo": For("mail_before", ADMINS),
    "notices:reminders-today": For("programme", ADMINS),
    "notices:reminders-own": For("anything", MANAGERS),
    # tools, forms
    "rendering:library-detail": For("group", MEMBERS),
    "rendering:blank-download": For("template", ENROLLED),
    "rendering:guide-download": For("pack", ENROLLED),
    "responses:form-start": For("group", frozenset({"milda", "tomas", "elena"}), {"key": "personal_goals"}),
    "responses:form-detail": For("diary", MEMBERS),
    "responses:form-edit": For("draft", frozenset({"milda"})),
    "responses:form-save": For("draft", frozenset({"milda"})),
    "responses:form-submit": For("draft", frozenset({"milda"})),
    "responses:form-fill-in": For("draft", frozenset({"milda"})),
    "responses:form-audience": For("diary_draft", frozenset({"tomas"})),
    "responses:form-reopen": For("diary", frozenset({"milda"})),
    "responses:form-discard": For("diary", frozenset({"milda"})),
    "responses:form-bring-back": For("diary", frozenset({"milda"})),
    "responses:form-accept": For("goals_of_tomas", STAFF, sent={"number": 1}),
    "responses:form-return": For("goals_of_tomas", STAFF, sent={"number": 1}),
    "responses:form-move": For("diary", STAFF),
    "responses:document-about": For("about_milda", STAFF),
    "responses:copy-download": For("diary_version", MEMBERS, query="?lang=bg"),
    "responses:form-comment": For("diary", MEMBERS),
    "responses:comment-remove": For("comment", MENTOR),
    "responses:comment-restore": For("comment", MENTOR),
    "rendering:rendering-status": For("rendering", MEMBERS),
    "rendering:rendering-retry": For("rendering", STAFF),
    # folders and documents
    "documents:folder-detail": For("folder", MEMBERS),
    "documents:folder-rights": For("folder", MANAGER),
    "documents:folder-seen-as": For("seen_as", MANAGER),
    "documents:restriction-lift": For("restriction", MANAGER),
    "documents:document-detail": For("contract", MEMBERS),
    "documents:document-remove": For("contract", STAFF),
    "documents:document-signatures": For("contract", STAFF),
    "documents:document-restore": For("contract", STAFF),
    "documents:version-take-back": For("contract", STAFF),
    "documents:version-bring-back": For("contract", STAFF, {"number": 1}),
    "documents:version-download": For("contract_version", MEMBERS),
    "uploads:original-download": For("page", MENTOR),
    "documents:document-check": PUBLIC,
    # what is behind a cell of the matrix
    "checklist:checklist-list": For("group", STAFF),
    "checklist:checklist-cell": For("group", STAFF, {"key": "contract"}),
    "checklist:checklist-waive": For("group", MANAGER, {"key": "contract"}),
    "checklist:checklist-unwaive": For("group", MANAGER, {"key": "contract"}),
    "checklist:checklist-remind": For("group", MANAGER, {"key": "contract"}),
    # putting documents in: Mentor and Manager, never a Mentee; a document being put together is its maker's alone
    "uploads:upload-create": For("group", STAFF),
    "uploads:upload-edit": For("batch", MENTOR),
    "uploads:upload-detail": For("batch", MENTOR),
    "uploads:upload-describe": For("batch", MENTOR),
    "uploads:upload-file": For("batch", MENTOR),
    "uploads:upload-cancel": For("batch", MENTOR),
    "uploads:upload-reopen": For("batch", MENTOR),
    "uploads:upload-page-add": For("batch", MENTOR),
    "uploads:upload-page-move": For("page", MENTOR),
    "uploads:upload-page-rotate": For("page", MENTOR),
    "uploads:upload-page-remove": For("page", MENTOR),
    "uploads:upload-page-restore": For("page", MENTOR),
    "uploads:upload-page-preview": For("page", MENTOR),
    # plan, sessions, diaries
    "sessions:plan-detail": For("group", MEMBERS),
    "sessions:plan-edit": For("group", STAFF),
    "sessions:plan-agree": For("group", STAFF),
    "sessions:session-create": For("group", STAFF),
    "sessions:session-add": For("group", STAFF),
    "sessions:session-own": For("group", STAFF),
    "sessions:session-detail": For("session", MEMBERS),
    "sessions:session-edit": For("session", STAFF),
    "sessions:session-hold": For("session", STAFF),
    "sessions:session-cancel": For("session", STAFF),
    "sessions:session-restore": For("session", STAFF),
    "sessions:session-unhold": For("session", STAFF),
    "sessions:session-move": For("session", STAFF),
    "sessions:session-remove": For("session", STAFF),
    "sessions:section-detail": For("group", MEMBERS, {"kind": "employability"}),
    "sessions:catalogue-detail": For("catalogue", MEMBERS),
    "sessions:diary-list": For("group", MEMBERS),
    "sessions:diary-write": For("session", frozenset({"milda", "tomas", "elena"})),
    # the forum: the board of a group for its people, a community for its role and the Managers, announcements for all
    "conversations:board-list": SIGNED_IN,
    "conversations:group-board": For("group", MEMBERS),
    "conversations:board-detail": For("board_of_mentors", MANAGERS | {"rasa", "petar"}),
    "conversations:board-read": For("board", MEMBERS),
    "conversations:board-follow": For("board", MEMBERS),
    "conversations:person-list": For("board", MEMBERS),
    "conversations:topic-create": For("board", MEMBERS),
    "conversations:board-draft": For("board", MEMBERS),
    "conversations:post-preview": For("board", MEMBERS),
    "conversations:board-attach": For("board", MEMBERS),
    "conversations:topic-detail": For("topic", MEMBERS),
    "conversations:topic-new": For("topic", MEMBERS),
    "conversations:post-create": For("topic", MEMBERS),
    "conversations:topic-draft": For("topic", MEMBERS),
    "conversations:topic-attach": For("topic", MEMBERS),
    "conversations:answer-preview": For("topic", MEMBERS),
    "conversations:topic-follow": For("topic", MEMBERS),
    "conversations:topic-pin": For("topic", STAFF),
    "conversations:topic-lock": For("topic", STAFF),
    "conversations:topic-confirm": For("announcement", ENROLLED),
    "conversations:topic-confirmations": For("announcement", INVITERS),
    "conversations:post-detail": For("post", MEMBERS),
    "conversations:post-edit": For("post", frozenset({"milda"})),
    "conversations:post-history": For("post", MEMBERS),
    "conversations:post-delete": For("post", STAFF | {"milda"}),
    "conversations:post-restore": For("deleted_post", MENTOR),
    "conversations:post-react": For("post", MEMBERS - {"milda"}, sent={"say": "agree:1"}),
    "conversations:post-file": For("post_with_file", STAFF),
    "conversations:attachment-download": For("attachment", MEMBERS),
    "conversations:attachment-page-preview": For("attachment", MEMBERS),
    "conversations:attachment-remove": For("attachment_not_posted", frozenset({"tomas"})),
    # first screens, matrix
    "home:first-screen": SIGNED_IN,
    "home:search-results": SIGNED_IN,
    "home:draft-list": SIGNED_IN,
    "home:matrix-export": SIGNED_IN,
}
