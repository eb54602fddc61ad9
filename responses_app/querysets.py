"""Who sees which forms, and who may do what with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import TruncDate

from core.built_once import Keys, built_once, keys_of
from core.days import programme_today, programme_zone
from core.policy.querysets import AccessQuerySet
from core.policy.roles import READ_ONLY_STAGES, Action, Area, Role, Stage, audiences_of
from documents.access import adds_to, audience_open, fills_in
from documents.models import DocumentVersion, Source
from mentoring.models import Membership, Message
from mentoring.standing import Standing

BEGUN = Q(lock__gt=0) | Q(latest__isnull=False)
"""Something was written in it: a form that was only opened is no draft to go on with."""

Reader = tuple[int, Any, tuple[date, ...]]
"""A person; the groups that they are Mentor of; today, where there are any (plain values, for `built_once`)."""


@built_once
def _overview(group: int, versions: Keys, reader: Reader) -> Any:
    from responses_app.models import FormResponse  # noqa: PLC0415 -- models import this module

    return FormResponse.objects.of_versions(group, versions).for_overview(reader).with_new_answers()


@built_once
def _unsettled(groups: Keys, author: int) -> Any:
    from responses_app.models import FormResponse  # noqa: PLC0415 -- models import this module

    found = FormResponse.objects.filter(group__in=groups, author=author, state__in=["draft", "returned", "submitted"])
    return found.select_related("latest").defer("answers", "latest__answers")


@built_once
def _handed_in_to(
    groups: Keys,
    reader: Reader,
    session_keys: Collection[str],
    goals: Keys,
    diaries: Keys,
    *,
    asking: tuple[tuple[int, tuple[str, ...]], ...],
) -> Any:
    from responses_app.models import FormComment, FormResponse  # noqa: PLC0415 -- models import this module

    read = reads_for(reader, OuterRef("latest"))
    answers = FormComment.objects.of_mentors_since(OuterRef("latest__submitted_at")).filter(form=OuterRef("pk"))
    is_asking = _asks_something(dict(asking)) & ~Exists(answers)
    waits = Q(state="submitted") | (Q(tool_version__in=diaries) & ~Exists(read)) | is_asking
    wanted = waits | Q(session_key__in=session_keys) | Q(tool_version__in=goals)
    own = Q(author=reader[0]) & (Q(state="returned") | Q(BEGUN, state="draft"))
    found = FormResponse.objects.filter(own | (Q(latest__isnull=False) & wanted), group__in=groups)
    found = found.annotate(is_asking=Case(When(is_asking, then=True), default=False, output_field=BooleanField()))
    return found.for_overview(reader).order_by("latest__submitted_at", "pk")


@built_once
def _last_signs(groups: Keys) -> Any:
    from responses_app.models import (  # noqa: PLC0415 -- models import this module
        FormComment,
        FormResponse,
        FormSubmission,
    )

    saved = FormResponse.objects.filter(group__in=groups, saved_by__isnull=False).order_by()
    by_person = saved.values_list("group_id", "saved_by_id").annotate(last=Max("saved_at"))
    sent = FormSubmission.objects.filter(form__group__in=groups).order_by()
    said = FormComment.objects.present_in(groups)
    added = DocumentVersion.objects.filter(document__folder__group__in=groups, source=Source.UPLOADED).order_by()
    wrote = Message.objects.filter(group__in=groups).order_by()
    return by_person.union(
        sent.values_list("form__group_id", "submitted_by_id").annotate(last=Max("submitted_at")),
        said.values_list("form__group_id", "author_id").annotate(last=Max("written_at")),
        added.values_list("document__folder__group_id", "created_by_id").annotate(last=Max("created_at")),
        wrote.values_list("group_id", "sender_id").annotate(last=Max("sent_at")),
    )


@built_once
def _last_answers(groups: Keys, writer: int) -> Any:
    from responses_app.models import FormComment  # noqa: PLC0415 -- models import this module

    theirs = FormComment.objects.filter(form__author=writer).exclude(author=writer)
    columns = ("form__group_id", "author_id", "form_id", "form__session_key", "form__tool_version_id")
    found = theirs.present_in(groups).values_list(*columns)
    return found.annotate(last=Max("written_at"), unseen=Count("pk", filter=Q(seen_at__isnull=True)))


@built_once
def _behind(versions: Keys, reader: Reader) -> Any:
    from responses_app.models import FormSubmission  # noqa: PLC0415 -- models import this module

    reads = reads_for(reader, OuterRef("pk"))
    found = FormSubmission.objects.filter(rendering__version__in=versions).order_by()
    found = found.annotate(is_read=Exists(reads), is_read_by_me=Exists(reads.filter(user=reader[0])))
    shown = (
        "rendering__version_id", "form_id", "form__state", "form__author_id", "is_accepted", "is_read", "is_read_by_me",
    )  # fmt: skip
    return found.values_list(*shown)


class FormResponseQuerySet(AccessQuerySet):
    """Forms: a draft is its writer's (and that of those who fill it in too); handed in, its audience reads it."""

    area = Area.FORM

    def allowing(self, standing: Any, action: Action) -> Self:
        """Return the forms on which the person may do `action`.

        VIEW, COMMENT: one's own and those about oneself that one fills in; others' once handed in, within the audience.
        FILL: as a live member whose role fills in the tool, one's own and those of the whole group; and those handed
            in to one's role that has a part of its own to add. The same as `services.rights.response_rights` says, but
            for what is impossible only now (a paused group, a form that was handed in): that the page says in words.
        DECIDE, RETRY: handed in, by the roles of the policy, within the audience.
        """
        member = Q(group__in=standing.groups(Area.FORM, action))
        me = standing.user_id
        handed_in = Q(latest__isnull=False) & audience_open(standing, "group")
        if action == Action.FILL:
            own = (Q(author=me) | Q(subject=me) | Q(subject__isnull=True)) & fills_in(standing)
            return self.filter(member, own | (handed_in & adds_to(standing)))
        if action in {Action.VIEW, Action.COMMENT}:
            written_with = (Q(subject__isnull=True) | Q(subject=me)) & fills_in(standing)
            return self.filter(member, Q(author=me) | written_with | handed_in)
        return self.filter(member, handed_in)

    def of_cell(self, group: Any, tool: Any) -> Self:
        """Return what was handed in of one tool in one group; never drafts."""
        found = self.filter(group=group, tool_version__tool=tool, latest__isnull=False)
        return found.select_related("tool_version", "group").defer("answers")

    def said_for_all(self, group: Any, tool: Any) -> Any:
        """Return the answers of what was handed in for the whole group of a tool; None when nothing was."""
        found = self.filter(group=group, tool_version__tool=tool, subject__isnull=True, session_key="")
        return found.filter(latest__isnull=False).order_by("-pk").values_list("latest__answers", flat=True).first()

    def behind(self, document: Any) -> Self:
        """Return the forms that versions of a document were made from."""
        made = self.model.objects.filter(submissions__rendering__version__document=document).order_by()
        return self.filter(pk__in=made.values("pk"))

    def removed_after(self, document: Any) -> Any:
        """Return the number of the removed paper of what these handed in last, where it is another one.

        Args:
            document: its key, or `OuterRef` of it, among whose versions these forms are.
        """
        found = self.filter(latest__taken_out_at__isnull=False, latest__rendering__version__isnull=False)
        found = found.filter(submissions__rendering__version__document=document)
        found = found.exclude(latest__rendering__version__document=document)
        return found.order_by("pk").values_list("latest__rendering__version__document__number", flat=True)

    def of_tool(self, key: str) -> Self:
        """Return the forms of one tool."""
        return self.filter(tool_version__tool__key=key)

    def sessions_of(self, group: Any, tool: Any) -> list[tuple[str, dict[str, Any]]]:
        """Return the sessions that forms of a tool are about, with their words."""
        found = self.filter(group=group, tool_version__tool=tool).exclude(session_key="")
        return list(found.order_by("session_key").values_list("session_key", "session_title").distinct())

    def about(self, *, group: Any, tool: Any, subject: Any, session_key: str) -> Self:
        """Return the forms of a tool about this subject and session, in whatever version; the newest first."""
        return self.filter(group=group, tool_version__tool=tool, subject=subject, session_key=session_key).order_by(
            "-pk"
        )

    def audiences_about(self, group: Any, tool: Any, subject: Any, session_key: str) -> Any:
        """Return the audiences for which forms of a tool about this subject and session were handed in."""
        found = self.about(group=group, tool=tool, subject=subject, session_key=session_key)
        return found.filter(latest__isnull=False).order_by().values_list("audience", flat=True)

    def held_about(self, document: Any) -> list[Any]:
        """Return the forms that were handed in about the same as a document, locked, with their audience and author."""
        found = self.about(
            group=document.folder.group_id,
            tool=document.tool_version.tool_id,
            subject=document.subject_id,
            session_key=document.session_key,
        ).filter(latest__isnull=False)
        return list(found.order_by("pk").select_for_update(of=("self",)).only("audience", "author"))

    def taken_sessions(self, form: Any) -> set[str]:
        """Return the sessions about which another form of this tool and person was written in."""
        same = self.filter(group=form.group_id, tool_version__tool=form.tool_version.tool_id, subject=form.subject_id)
        written = same.exclude(pk=form.pk).filter(Q(lock__gt=0) | Q(latest__isnull=False))
        return set(written.order_by().values_list("session_key", flat=True))

    def unread_in(self, group: Any, standing: Standing) -> Self:
        """Return what others handed in to a group, the person's role there reads, and the person has not opened."""
        return self.unread_of(group.pk, reader_of(standing), audiences_of(standing.role_in(group.pk)))

    def unread_of(self, group: int, reader: Reader, audiences: Collection[str]) -> Self:
        """Return what others handed in to a group for one of these audiences, and this person has still to read."""
        read = reads_for(reader, OuterRef("latest"))
        found = self.filter(~Exists(read), group=group, latest__isnull=False, audience__in=audiences)
        return found.exclude(author=reader[0])

    def overview_of(self, group: Any, versions: Keys, standing: Standing) -> list[Any]:
        """Return the forms of these versions of tools in a group, for an overview, with `has_new_answer`."""
        return _overview(group.pk, versions, reader_of(standing))

    def for_overview(self, reader: Reader) -> Self:
        """Return forms with when they were handed in, `is_read`, `is_read_by_me` (`reads_for`); never the answers."""
        reads = reads_for(reader, OuterRef("latest"))
        own = (
            "group_id", "tool_version_id", "author_id", "subject_id", "session_key", "session_title", "state", "lock",
        )  # fmt: skip
        latest = [
            f"latest__{name}"
            for name in (
                "submitted_at",
                "is_accepted",
                "corrected_at",
                "corrected_by_id",
                "correction_reason",
                "was_subject_id",
                "was_session_title",
                "taken_out_at",
            )  # fmt: skip
        ]
        found = self.select_related("latest").only(*own, "audience", "saved_at", *latest)
        return found.annotate(is_read=Exists(reads), is_read_by_me=Exists(reads.filter(user=reader[0])))

    def with_new_answers(self) -> Self:
        """Return forms with `has_new_answer`: somebody said something that the writer has not seen yet."""
        from responses_app.models import FormComment  # noqa: PLC0415 -- models import this module

        return self.annotate(has_new_answer=Exists(FormComment.objects.unseen().filter(form=OuterRef("pk"))))

    def begun_by(self, user_id: int, groups: Any) -> Self:
        """Return what this person has written in and not handed in, or got back, in these groups."""
        found = self.filter(BEGUN | Q(state="returned"), author=user_id, state__in=["draft", "returned"])
        return found.filter(group__in=groups).defer("answers", "typed")

    def unsettled_of(self, user_id: int, groups: Iterable[Any]) -> list[Any]:
        """Return a person's own forms in some groups that may come back or go on, without the answers."""
        return _unsettled(keys_of(groups), user_id)

    def of_versions(self, group: Any, versions: Any) -> Self:
        """Return the forms of these versions of tools in a group."""
        return self.filter(group=group, tool_version__in=versions)

    def handed_in_to(
        self,
        groups: Iterable[Any],
        standing: Standing,
        *,
        session_keys: Collection[str],
        goals: Keys,
        diaries: Keys,
        asking: Mapping[int, Sequence[str]],
    ) -> list[Any]:
        """Return what a Mentor's first screen may have to show of these groups, the oldest first.

        Own forms that came back; of what was handed in: what is about these sessions, the goals, what waits to be read,
        the diaries not opened yet, and those with a question that no Mentor has answered (`is_asking`).

        Args:
            asking: by version of a tool the keys of the fields that ask the Mentor something.
        """
        keys, questions = keys_of(groups), tuple((each, tuple(asking[each])) for each in sorted(asking))
        return _handed_in_to(keys, reader_of(standing), tuple(session_keys), goals, diaries, asking=questions)

    def next_to_read(
        self, standing: Standing, *, besides: Any, decided_by: Mapping[str, Sequence[int]], diaries: Any
    ) -> Any:
        """Return the oldest form that waits to be read or decided by this person, over all their groups, or None.

        Args:
            besides: the form that the person is reading now.
            decided_by: by role the versions of tools that it accepts.
            diaries: the versions of tools that a Mentor opens to have read them.
        """
        read = reads_for(reader_of(standing), OuterRef("latest"))
        waits = Q(Q(tool_version__in=diaries, group__in=standing.groups_as(Role.MENTOR)), ~Exists(read))
        for role, versions in decided_by.items():
            waits |= Q(tool_version__in=versions, group__in=standing.groups_as(role))
        working = self.exclude(group__stage__in=[*READ_ONLY_STAGES, Stage.PAUSED]).exclude(author=standing.user_id)
        found = working.exclude(pk=besides.pk).filter(waits, state="submitted", latest__isnull=False)
        found = found.allowing(standing, Action.VIEW).select_related("author", "subject")
        return found.order_by("latest__submitted_at", "pk").first()

    def last_signs(self, groups: Iterable[Any]) -> list[tuple[int, int, Any]]:
        """Return when each person last did something in these groups: group, person, moment; several of each.

        Saved, handed in (which stays true whoever saves the form later), commented, added a document, wrote a message.
        """
        return _last_signs(keys_of(groups))

    def keys_among(self, keys: Any) -> set[int]:
        """Return which of these keys are among them."""
        return set(self.filter(pk__in=keys).values_list("pk", flat=True))

    def of_failed(self, renderings: Any) -> Self:
        """Return the forms whose PDF is one of these renderings."""
        return self.filter(pk__in=renderings.order_by().values("submission__form"))

    def with_group_names(self, limit: int) -> list[tuple[int, int, str]]:
        """Return form, group and its name."""
        return list(self.order_by("pk").values_list("pk", "group_id", "group__name")[:limit])

    def unchanged_since(self, form: Any) -> Self:
        """Return the form's row if nobody has saved it since it was read."""
        return self.filter(pk=form.pk, lock=form.lock)

    def for_page(self) -> Self:
        """Return forms with what their page shows."""
        return self.select_related(
            "group__programme__organisation",
            "group__programme__pack",
            "tool_version__tool",
            "author",
            "subject",
            "saved_by",
            "latest__submitted_by",
            "latest__decided_by",
            "latest__corrected_by",
            "latest__was_subject",
            "latest__taken_out_by",
            "latest__rendering",
        )


def reader_of(standing: Standing) -> Reader:
    """Return who reads, for `reads_for`."""
    mentored = standing.groups_as(Role.MENTOR)
    nowhere = isinstance(mentored, frozenset) and not mentored
    return (standing.user_id, mentored, () if nowhere else (programme_today(),))


def reads_for(reader: Reader, submission: OuterRef) -> Any:
    """Return the marks that something was read which settle it for this person: the one rule of what is to read.

    One's own; and for who became Mentor of a group later, those of Mentors who left (of one who came back, those of
    before): what they read is not asked for again, what nobody read is.
    """
    from responses_app.models import FormRead  # noqa: PLC0415 -- models import this module

    person, mentored, days = reader
    settles: Any = Q(user=person)
    for day in days:
        same = {"user": OuterRef("user"), "group": OuterRef("submission__form__group")}
        theirs = Membership.objects.in_role(Role.MENTOR).filter(**same)
        left = theirs.filter(group__in=mentored, ends_on__lt=day)
        settles |= Q(Exists(left) & ~Exists(theirs.live(day).filter(starts_on__lt=OuterRef("read_on"))))
    on_day = TruncDate("read_at", tzinfo=programme_zone())  # not the reader's own zone: the statement is kept
    return FormRead.objects.alias(read_on=on_day).filter(settles, submission=submission)


def _asks_something(asking: Mapping[int, Sequence[str]]) -> Q:
    """Return that a field which asks the Mentor something was filled in, in what was handed in last."""
    found = Q(pk__in=())
    for version, keys in asking.items():
        for key in keys:
            answer = f"latest__answers__{key}"
            found |= Q(tool_version=version) & Q(**{f"{answer}__isnull": False}) & ~Q(**{answer: ""})
    return found


class MadeFrom(NamedTuple):
    """The submission that a version was made from; `is_read` and `is_read_by_me`: as `reads_for` says."""

    form: int
    form_state: str
    author: int
    is_accepted: bool | None
    is_read: bool
    is_read_by_me: bool


class FormSubmissionQuerySet(models.QuerySet[Any]):
    """What was handed in; reached through its form."""

    def for_making(self, **which: Any) -> Any:
        """Return a submission with everything that goes into its PDF, its copy and version; None when there is none.

        Args:
            which: `rendering`, `copies__rendering` or `rendering__version`.
        """
        related = (
            "submitted_by", "decided_by", "corrected_by", "was_subject", "form__group__programme__pack",
            "form__group__programme__organisation", "form__tool_version__tool", "form__author", "form__subject",
        )  # fmt: skip
        return self.select_related(*related).filter(**which).first()

    def is_filed_after(self, submission: Any) -> bool:
        """Return whether something handed in later of the same form is filed already."""
        later = self.filter(form=submission.form_id, number__gt=submission.number)
        return later.filter(rendering__version__isnull=False).exists()

    def newest_of(self, form: Any) -> Any:
        """Return what was handed in last of a form; its number and audience are read."""
        return self.filter(form=form).order_by("-number").only("number", "audience").first()

    def taken_out_with(self, document: int) -> Self:
        """Return what was taken out with a document, and copies that were made since and have no PDF of their own."""
        made = Q(rendering__version__document=document)
        forms = self.model.objects.filter(made).order_by().values("form")
        found = self.filter(made | Q(rendering__isnull=True, form__in=forms), taken_out_at__isnull=False)
        return found.select_related("rendering", "form__group", "form__tool_version", "corrected_by", "submitted_by")

    def in_the_making(self, renderings: Any) -> Self:
        """Return the submissions of these renderings with what their rows show, not the answers."""
        related = self.select_related("form__tool_version__tool", "form__subject", "form__author")
        return related.defer("answers", "form__answers").filter(rendering__in=renderings)

    def behind(self, documents: Any, standing: Standing) -> "dict[int, MadeFrom]":
        """Return what the current versions of documents were made from, by the version's key."""
        found = _behind([each.current_id for each in documents if each.current_id], reader_of(standing))
        return {row[0]: MadeFrom(*row[1:]) for row in found}

    def with_writer(self) -> Self:
        """Return submissions with who handed them in."""
        return self.select_related("submitted_by")


class Answer(NamedTuple):
    """What one person said last under one form; `unseen`: how much of it the writer has not seen yet."""

    group: int
    author: int
    form: int
    session_key: str
    tool_version: int
    last: Any
    unseen: int


class FormCommentQuerySet(models.QuerySet[Any]):
    """What was said under forms; reached through its form."""

    def present_in(self, groups: Any) -> Self:
        """Return those of these groups that were not taken back, in no order."""
        return self.filter(form__group__in=groups, removed_at__isnull=True).order_by()

    def of_mentors_since(self, moment: Any) -> Self:
        """Return what Mentors of the form's group said since a moment, without what was taken back."""
        return self.filter(author_role="mentor", removed_at__isnull=True, written_at__gte=moment).order_by()

    def unseen(self) -> Self:
        """Return what others said under a form and its writer has not seen yet."""
        return self.filter(removed_at__isnull=True, seen_at__isnull=True).exclude(author=F("form__author")).order_by()

    def last_answers_to(self, user_id: int, groups: Any) -> list["Answer"]:
        """Return for each form of a person when each other person last answered it; the newest first."""
        found = _last_answers(keys_of(groups), user_id)
        return sorted((Answer(*row) for row in found), key=lambda answer: answer.last, reverse=True)


def read_conversation(form: Any) -> None:
    """Read what was said about a form, and who has opened it."""
    from responses_app.models import FormComment, FormRead  # noqa: PLC0415 -- models import this module

    comments = Prefetch("comments", FormComment.objects.select_related("author"))
    reads = Prefetch("latest__reads", FormRead.objects.select_related("user").order_by("read_at", "pk"))
    prefetch_related_objects([form], comments, reads)


def document_of(form: Any) -> Any:
    """Return the document in its folder that was made from a form; None when there is none."""
    made = documents_of(form).filter(removed_at__isnull=True)
    return made.order_by("-pk").first()


def documents_of(form: Any) -> Any:
    """Return all documents that were made from a form, those that were removed among them, the first first."""
    from documents.models import Document, DocumentVersion  # noqa: PLC0415 -- models import this module

    versions = DocumentVersion.objects.filter(rendering__submission__form=form).order_by()
    return Document.objects.filter(pk__in=versions.values("document")).order_by("pk")


def versions_of(form: Any, standing: Standing) -> Any:
    """Return the versions of the document made from a form that the person may read, signed ones too, newest first."""
    from documents.models import DocumentVersion  # noqa: PLC0415 -- models import this module

    documents = DocumentVersion.objects.filter(rendering__submission__form=form).values("document")
    found = DocumentVersion.objects.allowing(standing, Action.VIEW).filter(document__in=documents)
    return found.select_related("document", "created_by").order_by("-number")
