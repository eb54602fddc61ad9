"""What people are told of forms: handed in, answered, returned, accepted."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import DomainEvent
from core.policy.roles import Action, Role
from mentoring.models import Membership
from mentoring.standing import Standing
from notices.kinds import NoticeKind, Said, Told, by_role, register
from notices.models import Notice, Topic, Way
from responses_app.models import FormResponse, FormState
from tools.models import Filing

AT_ONCE, IN_PAGE = Way.AT_ONCE, Way.IN_PAGE
EXAMPLE = {"tool": {"en": "Diary", "bg": "Дневник"}, "session": {"en": "First meeting", "bg": "Първа среща"}}


def reads_the_form(standing: Standing) -> Q:
    """Return the condition for forms that the person reads now: there, and open to them."""
    return Q(Exists(FormResponse.objects.allowing(standing, Action.VIEW).filter(pk=OuterRef("target_id"))))


def _decides(standing: Standing) -> Q:
    """Return the condition for forms that wait for the person's decision: one that was decided waits for nobody."""
    waiting = FormResponse.objects.allowing(standing, Action.DECIDE).filter(state=FormState.SUBMITTED)
    return Q(Exists(waiting.filter(pk=OuterRef("target_id"))))


def form_url(notice: Notice) -> str:
    """Return the page of the form."""
    return reverse("responses:form-detail", args=[notice.target_id])


def _form(event: DomainEvent) -> FormResponse | None:
    """Return the form of an event, with its tool; None when it is gone."""
    found = FormResponse.objects.select_related("tool_version").defer("answers")
    return found.filter(pk=int(event.target.rpartition(":")[2])).first()


def _facts(form: FormResponse) -> dict[str, object]:
    return {"tool": form.tool_version.content.get("title"), "session": form.session_title}


def what(said: Said) -> str:
    """Return what a notice is about: the tool, and the session where it is about one."""
    return ": ".join(filter(None, [said.text("tool"), said.text("session")]))


def _deciders(form: FormResponse) -> set[str]:
    """Return the roles that accept the form or return it, where it waits for that."""
    version = form.tool_version
    return set(version.accepted_by) if version.filing == Filing.AFTER_ACCEPTANCE else set()


def _to_roles(event: DomainEvent, form: FormResponse, roles: set[str]) -> Told:
    people = Membership.objects.live().of_group(event.group_id).in_role(*roles)
    return Told(dict.fromkeys(people.values_list("user_id", flat=True), "role"), form.pk, _facts(form))


def _to_staff(event: DomainEvent) -> Told | None:
    """Tell the Mentor and the Manager, those of them who read it; who decides about it is told that."""
    if (form := _form(event)) is None:
        return None
    return _to_roles(event, form, {Role.MENTOR.value, Role.MANAGER.value} - _deciders(form))


def _to_deciders(event: DomainEvent) -> Told | None:
    """Tell those whose decision it waits for."""
    if (form := _form(event)) is None or not (roles := _deciders(form)):
        return None
    return _to_roles(event, form, roles)


def _writers(form: FormResponse) -> dict[int, str]:
    about = {form.subject_id: "about_you"} if form.subject_id is not None else {}
    return {**about, form.author_id: "writer"}


def _to_writer(event: DomainEvent) -> Told | None:
    """Tell who wrote it, and whom it is about."""
    form = _form(event)
    return None if form is None else Told(_writers(form), form.pk, _facts(form))


def _to_those_who_talk(event: DomainEvent) -> Told | None:
    """Tell who wrote it, and who has said something about it before."""
    if (form := _form(event)) is None:
        return None
    spoke = form.comments.filter(removed_at=None).order_by().values_list("author_id", flat=True)
    return Told({**dict.fromkeys(spoke, "role"), **_writers(form)}, form.pk, _facts(form))


def _handed_in(said: Said) -> str:
    return _("%(who)s handed in: %(what)s") % {"who": said.who, "what": what(said)}


def _to_decide(said: Said) -> str:
    return _("Waits for your decision: %(what)s") % {"what": what(said)}


def _is_decided(said: Said) -> str:
    return _("To decide: %(what)s") % {"what": what(said)}


def _by(said: Said) -> str:
    return _("%(who)s handed it in.") % {"who": said.who} if said.who else ""


def _returned(said: Said) -> str:
    return _("%(who)s asks you for changes: %(what)s") % {"who": said.who, "what": what(said)}


def _is_changed(said: Said) -> str:
    return _("%(who)s asks for changes: %(what)s") % {"who": said.who, "what": what(said)}


def _kept(said: Said) -> str:  # noqa: ARG001 -- one of the sentences
    return _("It came back to you with a note. Everything you wrote is kept.")


def _accepted(said: Said) -> str:
    return _("%(who)s accepted: %(what)s") % {"who": said.who, "what": what(said)}


def _answered(said: Said) -> str:
    return _("%(who)s wrote about: %(what)s") % {"who": said.who, "what": what(said)}


register(
    NoticeKind(
        code="form_submitted", topic=Topic.FORMS, label=gettext_lazy("Something is handed in"),
        events=("form.submitted",), gather=_to_staff, title=_handed_in, url=form_url, reached_by=reads_the_form,
        ways=by_role(IN_PAGE, mentor=AT_ONCE, manager=IN_PAGE), example=EXAMPLE, replaces=True,
    ),
    NoticeKind(
        code="form_to_decide", topic=Topic.ASKED, label=gettext_lazy("Something waits for your decision"),
        events=("form.submitted",), gather=_to_deciders, title=_to_decide, logged=_is_decided, line=_by, url=form_url,
        reached_by=_decides, logged_for=reads_the_form, ways=by_role(AT_ONCE), example=EXAMPLE, replaces=True,
    ),
    NoticeKind(
        code="form_returned", topic=Topic.FORMS, label=gettext_lazy("Something you handed in comes back to you"),
        events=("form.returned",), gather=_to_writer, title=_returned, logged=_is_changed, line=_kept, url=form_url,
        reached_by=reads_the_form, ways=by_role(AT_ONCE), example=EXAMPLE, replaces=True,
    ),
    NoticeKind(
        code="form_accepted", topic=Topic.FORMS, label=gettext_lazy("Something you handed in is accepted"),
        events=("form.accepted",), gather=_to_writer, title=_accepted, url=form_url, reached_by=reads_the_form,
        ways=by_role(IN_PAGE), example=EXAMPLE, replaces=True,
    ),
    NoticeKind(
        code="form_commented", topic=Topic.FORMS, label=gettext_lazy("Somebody writes about what you handed in"),
        events=("form.commented",), gather=_to_those_who_talk, title=_answered, url=form_url,
        reached_by=reads_the_form, ways=by_role(AT_ONCE), example=EXAMPLE,
    ),
)  # fmt: skip
