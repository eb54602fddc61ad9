"""What hangs on posts: taken in while one writes, put on the post that is sent, taken off again, swept up."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import MOST_ATTACHED, Attachment, AttachmentOpened, Board, Post, Topic
from conversations.services.boards import why_not_answering, why_not_writing
from core.errors import NotPossibleError
from core.files.kinds import IMAGE_FORMATS, PDF
from core.files.unfit import UnfitError
from core.isolation.errors import BusyError
from core.ops.sending import send_on_commit
from uploads.intake.attached import Shared, attached, thumbnail

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User

MOST_PER_HOUR: Final = 120
"""More than anybody attaches by hand, on all boards together."""
DRAW: Final = "conversations.draw_thumbnail"
DRAWN_WITHIN: Final = timedelta(seconds=60)
MOST_DRAWN: Final = 40
KEPT_WITHOUT_DRAFT: Final = timedelta(days=1)


def _too_many(count: int) -> ValidationError:
    words = _(
        "A post can have %(limit)d files at most, and these would be %(count)d. Send fewer, or write a second post."
    )
    return ValidationError({"attachments": words % {"limit": MOST_ATTACHED, "count": count}})


def check_room(*, by: "User", count: int, board: Board | None = None, topic: Topic | None = None) -> None:
    """Refuse files that do not fit on what a person is writing, before any of them is looked at.

    Raises:
        ValidationError: they would be too many, on the post or in an hour.
        NotPossibleError: nobody writes there now.
    """
    if stop := why_not_answering(topic) if topic is not None else why_not_writing(board) if board is not None else "":
        raise NotPossibleError(stop)
    there = Attachment.objects.pending(by.pk, board=board, topic=topic).count()
    if there + count > MOST_ATTACHED:
        raise _too_many(there + count)
    hour = timezone.now() - timedelta(hours=1)
    if Attachment.objects.attached_since(by.pk, hour) + count > MOST_PER_HOUR:
        words = _("These are many files in a short time. What you wrote is kept here; go on in an hour.")
        raise ValidationError({"attachments": words})


def attach(
    *,
    by: "User",
    file: "UploadedFile[bytes]",
    board: Board | None = None,
    topic: Topic | None = None,
    at: datetime | None = None,
) -> Attachment:
    """Check a sent file and keep it with what a person is writing: an answer in a topic, or a new topic of a board.

    Idempotent: a file that is there already is not added again, so that it can be sent again after a lost connection.

    Raises:
        RefusedError: the file does not come in.
        ValidationError: it would be one too many.
        NotPossibleError: nobody writes there now.
    """
    check_room(by=by, count=0, board=board, topic=topic)
    with attached(file) as checked:
        return _keep(by, checked, board, topic, at or timezone.now())


@transaction.atomic
def _keep(by: "User", checked: Shared, board: Board | None, topic: Topic | None, now: datetime) -> Attachment:
    """Store a checked file and its row: file before row."""
    # Of two that come at the same moment one counts the other.
    (Topic if topic is not None else Board).objects.hold_key((topic or board).pk)  # type: ignore[union-attr]
    there = Attachment.objects.pending(by.pk, board=board, topic=topic)
    known: Attachment | None = there.filter(sent_sha256=checked.sent_sha256).first()
    if known is not None:
        return known
    if there.count() >= MOST_ATTACHED:
        raise _too_many(MOST_ATTACHED + 1)
    attachment = Attachment(
        author=by,
        board=board if topic is None else None,
        topic=topic,
        position=(there.aggregate(last=Max("position"))["last"] or 0) + 1,
        name=checked.name,
        content_type=checked.content_type,
        sent_sha256=checked.sent_sha256,
        sha256=checked.sha256,
        size=checked.size,
        pages=checked.pages,
        created_at=now,
        needs_thumbnail=checked.content_type == PDF or checked.content_type in IMAGE_FORMATS,
    )
    with checked.path.open("rb") as source:
        attachment.file.save("file", File(source), save=False)
    attachment.save()
    if attachment.needs_thumbnail:
        send_on_commit(DRAW, attachment_id=attachment.pk)
    return attachment


def draw_thumbnail(*, attachment_id: int) -> None:
    """Make the small picture of a file, in the worker; idempotent. What cannot be drawn has none."""
    attachment: Attachment | None = Attachment.objects.filter(pk=attachment_id, needs_thumbnail=True).first()
    if attachment is None:
        return
    try:
        drawn = thumbnail(attachment.file, attachment.content_type)
    except BusyError:
        return  # the sweeper comes back to it
    except (UnfitError, OSError):
        Attachment.objects.filter(pk=attachment_id).update(needs_thumbnail=False)
        return
    attachment.thumbnail.save("small.jpg", ContentFile(drawn), save=False)
    there = Attachment.objects.filter(pk=attachment_id, needs_thumbnail=True)
    if not there.update(thumbnail=attachment.thumbnail.name, needs_thumbnail=False):
        attachment.thumbnail.delete(save=False)  # it was taken off meanwhile, or drawn twice


def sweep_thumbnails(*, now: datetime | None = None) -> None:
    """Make the small pictures that nobody made: the broker was down, or the worker was killed."""
    before = (now or timezone.now()) - DRAWN_WITHIN
    for key in Attachment.objects.not_drawn(before)[:MOST_DRAWN]:
        draw_thumbnail(attachment_id=key)


def put_on(post: Post, keys: Collection[int]) -> None:
    """Let files that its author attached while writing hang on a post; within the transaction that makes it.

    Args:
        keys: what the page showed when it was sent. What came from another window meanwhile stays with the draft.

    Raises:
        ValidationError: they are too many, or one is gone: the post is not sent without what its author saw on it.
    """
    if not keys:
        return
    board, topic = post.topic.board, None if post.is_first else post.topic
    there = Attachment.objects.pending(post.author_id, board=board, topic=topic).filter(pk__in=keys)
    found = list(there.select_for_update(of=("self",)).order_by("position", "pk"))
    if len(found) > MOST_ATTACHED:
        raise _too_many(len(found))
    if len(found) < len(set(keys)):
        raise ValidationError(
            {"attachments": _("A file is not here any more. Attach it again, or send the post without it.")}
        )
    for position, each in enumerate(found, start=1):
        each.post, each.board, each.topic, each.position = post, None, None, position
    Attachment.objects.bulk_update(found, ["post", "board", "topic", "position"])


def detach(*, attachments: Collection[Attachment]) -> None:
    """Take files off what their author is still writing; what is posted by now stays."""
    _delete(Attachment.objects.filter(pk__in=[each.pk for each in attachments], post__isnull=True))


@transaction.atomic
def _delete(found: Any) -> int:
    rows = list(found.select_for_update(of=("self",)))
    files = [file for each in rows for file in (each.file, each.thumbnail) if file]
    Attachment.objects.filter(pk__in=[each.pk for each in rows]).delete()
    for file in files:
        transaction.on_commit(lambda file=file: file.storage.delete(file.name), robust=True)  # type: ignore[misc]
    return len(rows)


def sweep(*, now: datetime | None = None) -> int:
    """Delete what was attached a day ago to what is neither posted nor kept as a draft, with its files.

    Returns:
        How many were deleted.
    """
    before = (now or timezone.now()) - KEPT_WITHOUT_DRAFT
    return _delete(Attachment.objects.filter(pk__in=Attachment.objects.forgotten(before).values("pk")))


def record_opening(*, attachment: Attachment, by: "User", is_head_only: bool = False) -> None:
    """Write that a person opened an attachment of a post; what nobody else sees yet is not worth a line."""
    if attachment.is_posted and not is_head_only:
        AttachmentOpened.objects.create(attachment=attachment, user=by)
