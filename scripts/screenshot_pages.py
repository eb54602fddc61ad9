"""The pages that are pictured, by role, and what must be in place for them to be seen."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Shot:
    """One page as one role sees it; `dark` pages are taken in both schemes."""

    name: str
    path: str
    dark: bool = False


def prepare() -> dict[str, list[Shot]]:
    """Put in place what a page needs to be seen (a diary half written, photos half filed); return the pages by role."""
    from accounts.models import User  # noqa: PLC0415 -- after django.setup()
    from documents.models import Document, Folder  # noqa: PLC0415
    from mentoring.models import Membership, MentoringGroup, Programme  # noqa: PLC0415
    from notices import unsubscribing  # noqa: PLC0415
    from responses_app.models import FormResponse  # noqa: PLC0415
    from sessions_app.models import CatalogueSession, PlannedSession  # noqa: PLC0415
    from uploads.models import BatchState, UploadBatch  # noqa: PLC0415

    def person(mailbox: str) -> User:
        return User.objects.get(email=f"{mailbox}@demo.example")

    programme = Programme.objects.get(code="STW")
    step, bridge, road, path = (
        MentoringGroup.objects.get(programme=programme, name=name)
        for name in ("Žingsnis", "Tiltas", "Нов път", "Polku")
    )
    diary = half_written_diary(step, person("mentee"))
    batch = half_filed_contract(bridge, person("mentor"))
    folders = {(each.group_id, each.kind): each.pk for each in Folder.objects.all()}
    rows = PlannedSession.objects.filter(plan__group=step)
    held: Any = rows.filter(state="held").last()
    ahead: Any = rows.filter(state="planned").first()
    forms = FormResponse.objects.filter(group=step)
    read_diary: Any = forms.of_tool("diary").filter(comments__isnull=False).order_by("pk").last()
    unread: Any = forms.of_tool("diary").filter(latest__isnull=False).order_by("pk").last()
    waiting: Any = FormResponse.objects.of_tool("mentee_profile").filter(group=road, latest__isnull=False).first()
    contract = Document.objects.get(folder__group=step, tool_version__tool__key="contract")
    filed: Any = UploadBatch.objects.filter(group=step, state=BatchState.FILED).first()
    catalogue: Any = CatalogueSession.objects.offered(programme.pack_id, "employability").first()
    mentee_membership = Membership.objects.get(group=step, user__email__startswith="tomas@")
    mentor_membership = Membership.objects.get(group=step, role="mentor")

    boards, talk = forum_of(step, programme)

    def at(name: str, *args: object, **kwargs: object) -> str:
        from django.urls import reverse  # noqa: PLC0415 -- after django.setup()

        return reverse(name, args=args, kwargs=kwargs)

    def group_pages(group: MentoringGroup) -> list[Shot]:
        kinds = ("initial", "employability", "entrepreneurship", "monitoring")
        return [
            Shot("group", at("mentoring:group-detail", group.pk)),
            Shot("how-to", at("mentoring:page-detail", group.pk, "how-to")),
            Shot("glossary", at("mentoring:glossary-detail", group.pk)),
            Shot("library", at("rendering:library-detail", group.pk)),
            *(Shot(f"section-{kind}", at("sessions:section-detail", pk=group.pk, kind=kind)) for kind in kinds),
            Shot("catalogue-session", at("sessions:catalogue-detail", group.pk, catalogue.pk)),
            *(
                Shot(f"folder-{kind}", at("documents:folder-detail", folders[group.pk, kind]))
                for kind in ("managing", "monitoring", "personal")
            ),
            Shot("plan", at("sessions:plan-detail", group.pk)),
            Shot("session-held", at("sessions:session-detail", held.pk)),
            Shot("session-ahead", at("sessions:session-detail", ahead.pk)),
            Shot("diaries", at("sessions:diary-list", group.pk)),
            Shot("people-of-group", at("mentoring:member-list", group.pk)),
            Shot("document", at("documents:document-detail", contract.pk)),
            Shot("diary-read", at("responses:form-detail", read_diary.pk)),
            Shot("forum", at("conversations:board-list")),
            Shot("board", at("conversations:group-board", group.pk), dark=True),
            Shot("board-announcements", at("conversations:board-detail", boards["announcements"])),
            Shot("topic", at("conversations:topic-detail", talk["group"]), dark=True),
            Shot("topic-announcement", at("conversations:topic-detail", talk["announcements"])),
            Shot("topic-new", at("conversations:topic-create", boards["group"])),
            Shot("drafts", at("home:draft-list")),
            Shot("messages", at("mentoring:message-inbox")),
            Shot("profile", at("accounts:profile-edit")),
            Shot("notices", at("notices:notice-list"), dark=True),
            Shot("notices-chosen", at("notices:choices-edit")),
            Shot("not-found", "/groups/999999/"),
        ]

    home = Shot("home", at("home:first-screen"), dark=True)
    staff = [
        Shot("plan-edit", at("sessions:plan-edit", step.pk)),
        Shot("session-add", at("sessions:session-create", step.pk)),
        Shot("session-edit", at("sessions:session-edit", ahead.pk)),
        Shot("session-hold", at("sessions:session-hold", held.pk)),
        Shot("session-cancel", at("sessions:session-cancel", ahead.pk)),
        Shot("upload-begin", at("uploads:upload-create", step.pk)),
        Shot("post-delete", at("conversations:post-delete", talk["post"])),
        Shot("form-group-goals", at("responses:form-start", step.pk, "group_goals")),
    ]
    return {
        "visitor": [
            Shot("sign-in", at("account_login"), dark=True),
            Shot("password-forgotten", at("account_reset_password")),
            Shot("check-a-paper", at("documents:document-check")),
            Shot("notices-ended", unsubscribing.path(person("mentee").pk, "forms")),
            Shot("checked-paper", f"{at('documents:document-check')}?code={contract.check_code}"),
        ],
        "mentee": [
            home,
            *group_pages(step),
            Shot("diary-write", at("responses:form-edit", diary.pk), dark=True),
            Shot("form-start", at("responses:form-start", step.pk, "diary")),
            Shot("groups", at("mentoring:group-list")),
        ],
        "mentor": [
            home,
            *group_pages(step),
            *staff,
            Shot("groups", at("mentoring:group-list")),
            Shot("board-community", at("conversations:board-detail", boards["community"])),
            Shot("topic-community", at("conversations:topic-detail", talk["community"])),
            Shot("diary-to-read", at("responses:form-detail", unread.pk)),
            Shot("upload-photos", at("uploads:upload-edit", batch.pk), dark=True),
            Shot("upload-result", at("uploads:upload-detail", filed.pk)),
            Shot("folder-empty", at("documents:folder-detail", folders[bridge.pk, "monitoring"])),
        ],
        "manager": [
            home,
            *group_pages(step),
            *staff,
            Shot("groups", at("mentoring:group-list")),
            Shot("people", at("mentoring:people-list")),
            Shot("group-new", at("mentoring:group-create", programme.pk)),
            Shot("group-edit", at("mentoring:group-edit", step.pk)),
            Shot("stage", at("mentoring:stage-change", step.pk)),
            Shot("pause", at("mentoring:group-exit", pk=step.pk, exit_kind="pause")),
            Shot("member-new", at("mentoring:member-create", road.pk)),
            Shot("member-end", at("mentoring:member-end", mentee_membership.pk)),
            Shot("mentor-replace", at("mentoring:mentor-replace", mentor_membership.pk)),
            Shot("invite", at("mentoring:invitation-create", programme.pk)),
            Shot("folder-rights", at("documents:folder-rights", folders[step.pk, "managing"]), dark=True),
            Shot("folder-seen-as", at("documents:folder-seen-as", folders[step.pk, "managing"], mentee_membership.pk)),
            Shot("announcement-confirmed", at("conversations:topic-confirmations", talk["announcements"])),
            Shot("profile-to-decide", at("responses:form-detail", waiting.pk)),
            Shot("message-to-mentee", at("mentoring:message-list", mentee_membership.pk)),
            Shot("notices-told", at("notices:notice-log", step.pk)),
            Shot("cell-late", at("checklist:checklist-cell", step.pk, "diary")),
            Shot("cell-waived", at("checklist:checklist-cell", bridge.pk, "group_goals")),
            Shot("group-forming", at("mentoring:group-detail", road.pk)),
            Shot("group-ended", at("mentoring:group-detail", path.pk)),
        ],
        "admin": [
            home,
            Shot("admin", "/admin/"),
            Shot("admin-groups", at("admin:mentoring_mentoringgroup_changelist")),
            Shot("admin-programme", at("admin:mentoring_programme_change", programme.pk)),
            Shot("admin-invitations", at("admin:mentoring_invitation_changelist")),
            Shot("admin-people", at("admin:accounts_user_changelist")),
            Shot("notices-in-words", at("notices:kind-list", programme.pk)),
            Shot("reminder-rules", at("notices:rule-list", programme.pk)),
            Shot("reminder-rule-new", at("notices:rule-create", programme.pk)),
            Shot("reminders-today", at("notices:reminders-today", programme.pk)),
        ],
    }


def forum_of(group: Any, programme: Any) -> tuple[dict[str, int], dict[str, int]]:
    """Return the boards of group, Mentors and programme by kind, and the first topic of each with a post."""
    from conversations.models import Board  # noqa: PLC0415 -- after django.setup()

    of_programme = Board.objects.filter(programme=programme)
    found = {"community": of_programme.get(role="mentor"), "announcements": of_programme.get(kind="announcements")}
    found["group"] = Board.objects.get(group=group)
    talk = {kind: board.topics.order_by("pk").first() for kind, board in found.items()}
    keys = {kind: topic.pk for kind, topic in talk.items()} | {"post": talk["group"].posts.get(number=2).pk}
    return {kind: board.pk for kind, board in found.items()}, keys


def half_written_diary(group: Any, user: Any) -> Any:
    """Return the diary that the Mentee of the sign-ins has begun."""
    from responses_app import services as forms  # noqa: PLC0415
    from sessions_app.models import PlannedSession  # noqa: PLC0415
    from tools.models import Tool  # noqa: PLC0415 -- after django.setup()

    row = PlannedSession.objects.filter(plan__group=group, state="held").last()
    template = Tool.objects.of_pack(group.programme.pack_id).get(key="diary")
    form = forms.start_form(group=group, tool=template, user=user, session_key=row.session_key if row else "")
    answers = {"mood": 3, "done": "We read the CVs for thirty seconds each, as in an office."}
    return forms.save_answers(form=form, user=user, lock=form.lock, answers=answers) if form.is_open else form


def half_filed_contract(group: Any, user: Any) -> Any:
    """Return an upload of the contract's photos that is not filed yet."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 -- after django.setup()

    from demo import scan  # noqa: PLC0415
    from documents.models import DocumentVersion  # noqa: PLC0415
    from uploads.models import UploadBatch  # noqa: PLC0415
    from uploads.services import uploads  # noqa: PLC0415

    batch = UploadBatch.objects.filter(group=group, created_by=user, state="open").first()
    if batch is not None:
        return batch
    printed = DocumentVersion.objects.get(document__folder__group=group, document__tool_version__tool__key="contract")
    batch = uploads.start_batch(group=group, user=user, tool_version=printed.document.tool_version)
    names = [membership.user.full_name for membership in group.memberships.select_related("user")]
    with printed.file.open("rb") as file:
        for number, photo in enumerate(scan.photos(file.read(), names), start=1):
            uploads.add_file(batch=batch, file=SimpleUploadedFile(f"IMG_{number:04}.jpg", photo, "image/jpeg"))
    return batch
