"""The one PDF of an upload's pages: asked for, made, filed, and who sees it meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.policy.roles import Action
from core.templatetags.ui import since
from documents.models import Source
from documents.pages.rows import by_whom
from documents.services import filing
from mentoring.standing import Standing
from rendering import kinds
from rendering.kinds import InTheMaking
from rendering.models import Rendering, RenderingKind, RenderingState
from rendering.pdf.errors import BrokenError
from rendering.services import renderings
from uploads import choices as upload_choices
from uploads import photos
from uploads.models import BatchState, UploadBatch

if TYPE_CHECKING:
    from accounts.models import User


def request_photos(*, batch: UploadBatch, requested_by: "User", at: datetime | None = None) -> Rendering:
    """Ask for the one PDF of an upload's pages; it is filed when it is ready. Idempotent."""
    pages = [[page.pk, page.rotation] for page in batch.pages.present()]
    rendering = renderings.request(
        RenderingKind.PHOTOS,
        [batch.pk, pages],
        language=requested_by.language,
        requested_by=requested_by,
        at=at,
        group=batch.group,
        tool_version=batch.tool_version,
    )
    batch.rendering = rendering
    batch.save(update_fields=["rendering"])
    # Failed, put in order again, and sent off unchanged: it deserves new tries.
    if rendering.state == RenderingState.FAILED:
        renderings.retry(rendering=rendering, user=requested_by)
    return rendering


class PhotosKind:
    """The document of an upload."""

    def make(self, rendering: Rendering) -> int:
        """Make one PDF of the pages, file it, and let the upload be finished."""
        batch = UploadBatch.objects.for_making(rendering)
        if batch is None or batch.tool_version is None:
            raise BrokenError("a rendering of an upload without an upload")
        filed = batch.version
        if filed is None:
            with translation.override(rendering.language):
                pdf = photos.pages_to_pdf(batch)
            filed = filing.file_version(
                group=batch.group,
                tool_version=batch.tool_version,
                subject=batch.subject,
                session_key=batch.session_key,
                session_title=batch.session_title,
                author=batch.created_by,
                audience=upload_choices.audience_of(batch),
                content=pdf.content,
                pages=pdf.pages,
                language=batch.group.programme.default_language,
                source=Source.OFFICE if batch.pages.office().exists() else Source.PHOTOS,
                created_by=batch.created_by,
                causes=[batch, rendering],
                signed_by=batch.signed_by.all(),
                note=batch.note,
                at=rendering.queued_at,
            )
        UploadBatch.objects.filter(pk=batch.pk, state=BatchState.FILING).update(state=BatchState.FILED)
        return int(filed.pages)

    def reached_by(self, standing: Standing, action: Action) -> Q:  # noqa: ARG002 -- the same for reading and trying again
        """Let the person see it who put the pages together."""
        return Q(batch__in=UploadBatch.objects.allowing(standing, Action.UPLOAD).values("pk"))

    def describe(self, renderings: Sequence[Rendering], standing: Standing) -> dict[int, InTheMaking]:
        """Return type and person; the name leads to the pages meanwhile."""
        found = UploadBatch.objects.in_the_making(renderings)
        return {batch.rendering_id: _in_the_making(batch, standing) for batch in found}

    def result_url(self, rendering: Rendering) -> str:
        """Return the version that it was filed as."""
        return kinds.filed_url(rendering)


def _in_the_making(batch: UploadBatch, standing: Standing) -> InTheMaking:
    title = batch.tool_version.title if batch.tool_version else ""
    title = f"{title}: {batch.subject.full_name}" if batch.subject else title
    when = since(batch.rendering.queued_at) if batch.rendering else ""
    line = _("Photos. %(who)s, %(when)s") % {"who": by_whom(batch.created_by, standing.user), "when": when}
    return InTheMaking(title, reverse("uploads:upload-detail", args=[batch.pk]), line)


kinds.register(RenderingKind.PHOTOS, PhotosKind())
