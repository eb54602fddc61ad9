"""Who sees which forms, and who may do what with them."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from core.querysets import AccessQuerySet
from core.roles import Action, Area
from documents.querysets.access import audience_open, fills_in


class FilledFormQuerySet(AccessQuerySet):
    """Forms: a draft is its writer's (and that of those who fill it in too); handed in, its audience reads it."""

    area = Area.FORM

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the forms on which the person may do `action`.

        VIEW, COMMENT: one's own and those about oneself that one fills in; others' once handed in, within the audience.
        FILL: as a live member whose role fills in the tool (or a part of it): one's own, those of the whole
            group, and those handed in to one's role. Whether that is possible now (a paused group, a form that was
            handed in) the page says in words: `services.forms.pens`.
        DECIDE, RETRY: handed in, by the roles of the policy, within the audience.
        """
        member = Q(group__in=standing.groups(Area.FORM, action))
        me = standing.user_id
        handed_in = Q(latest__isnull=False) & audience_open(standing, "group")
        if action == Action.FILL:
            reach = Q(author=me) | Q(subject=me) | Q(subject__isnull=True) | handed_in
            return self.filter(member, fills_in(standing), reach)
        if action in {Action.VIEW, Action.COMMENT}:
            written_with = (Q(subject__isnull=True) | Q(subject=me)) & fills_in(standing)
            return self.filter(member, Q(author=me) | written_with | handed_in)
        return self.filter(member, handed_in)

    def of_cell(self, group: Any, template: Any) -> Self:
        """Return what was handed in of one tool in one group; never drafts."""
        found = self.filter(group=group, template_version__template=template, latest__isnull=False)
        return found.select_related("template_version", "group").defer("answers")

    def of_tool(self, key: str) -> Self:
        """Return the forms of one tool."""
        return self.filter(template_version__template__key=key)

    def occasions_of(self, group: Any, template: Any) -> list[tuple[str, dict[str, Any]]]:
        """Return the occasions that forms of a tool are about, with their words."""
        found = self.filter(group=group, template_version__template=template).exclude(occasion="")
        return list(found.order_by("occasion").values_list("occasion", "occasion_title").distinct())

    def about(self, *, group: Any, template: Any, subject: Any, occasion: str) -> Self:
        """Return the forms of a tool about this subject and occasion, in whatever version; the newest first."""
        return self.filter(
            group=group, template_version__template=template, subject=subject, occasion=occasion
        ).order_by("-pk")

    def held(self) -> Self:
        """Return the rows locked until the end of the transaction."""
        return self.select_for_update(of=("self",))

    def unchanged_since(self, form: Any) -> Self:
        """Return the form's row if nobody has saved it since it was read."""
        return self.filter(pk=form.pk, lock=form.lock)

    def for_page(self) -> Self:
        """Return forms with what their page shows."""
        return self.select_related(
            "group__programme__organisation",
            "group__programme__pack",
            "template_version__template",
            "author",
            "subject",
            "saved_by",
            "latest__submitted_by",
            "latest__decided_by",
        )


class FormSubmissionQuerySet(models.QuerySet[Any]):
    """What was handed in; reached through its form."""

    def with_writer(self) -> Self:
        """Return submissions with who handed them in."""
        return self.select_related("submitted_by")
