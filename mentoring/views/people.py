"""Members of a group, people of a programme, invitations, portraits."""

import contextlib
from functools import partial

from django.conf import settings
from django.contrib.auth import login
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import NewcomerForm
from accounts.models import User
from core.keys import key_from
from core.policy.guard import access, public, signed_in
from core.policy.roles import Action, Area, ProgrammeRole, Role
from core.web.http import SignedInRequest, client_address
from core.web.once import act_once, create_once, done_before
from core.web.toasts import tell
from core.web.way_back import way_back
from core.zones import zone_of
from mentoring.forms import InvitationForm, MemberForm, OptionalReasonForm, ReplaceMentorForm
from mentoring.models import Enrolment, Invitation, Membership, MembershipProposal, MentoringGroup, Programme
from mentoring.navigation import rail_for
from mentoring.role_names import called_as_in
from mentoring.services import invitations, memberships, proposals
from mentoring.visible_people import VisiblePeople

PAGE_SIZE = 50
TRIES_PER_HOUR = 30


@require_safe
@signed_in
def portrait_detail(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Hand out the portrait of a person whom one may see."""
    person = get_object_or_404(VisiblePeople.with_portrait(request.standing), pk=pk)
    response = FileResponse(person.photo.open("rb"), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
@access(MentoringGroup, Action.VIEW, area=Area.PEOPLE)
def member_list(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Show who is in the group, and who was; a Manager adds, replaces and removes people here."""
    proposed = list(MembershipProposal.objects.open().of_group(group))
    decidable = MembershipProposal.objects.allowing(request.standing, Action.MANAGE)
    members = list(group.memberships.live().with_people())
    has_mentor = any(each.role == Role.MENTOR for each in members)
    for each in members:
        each.group = group  # its programme says whether addresses are shown
    may_manage = request.standing.may(Area.PEOPLE, Action.MANAGE, group.pk) and not group.is_read_only
    invited = Invitation.objects.allowing(request.standing, Action.VIEW).of_group(group)
    context = {
        "group": group,
        "members": members,
        "former": list(group.memberships.former().with_people()),
        "may_manage": may_manage,
        "has_mentor": has_mentor,
        "proposals": proposed,
        "may_decide": decidable.keys_of(group) if proposed else set(),
        "open_invitations": invited.open(),
        "outside": invited.accepted_outside() if may_manage else [],
        "rail": rail_for(request, group, current="people"),
    }
    return render(request, "mentoring/member_list.html", context)


def _back_to_people(request: SignedInRequest, group_id: int) -> HttpResponse:
    """Go back to where the person came from: the people of the group, or the first screen."""
    return redirect(way_back(request, reverse("mentoring:member-list", args=[group_id])).url)


@require_http_methods(["GET", "HEAD", "POST"])
@access(MentoringGroup, Action.MANAGE, area=Area.PEOPLE)
def member_create(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Take a person of the programme into the group."""
    role, chosen = request.GET.get("role", Role.MENTEE), key_from(request.GET.get("person", ""))
    initial = {"role": role, "person": [chosen] if chosen else []}
    form = MemberForm(request.POST or None, group=group, initial=initial)
    if request.method == "POST" and form.is_valid():
        person, role = form.cleaned_data["person"], Role(form.cleaned_data["role"])
        try:
            act_once(
                request,
                Membership,
                lambda: memberships.add_member(group=group, user=person, role=role, by=request.user),
                stands=Membership.is_live,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _joined(request, group, person)
    # A second press finds the person in the group, and no longer among those who can be chosen.
    if form.errors and (made := done_before(request, Membership, stands=Membership.is_live)):
        return _joined(request, group, made.user)
    mentors = group.memberships.live().in_role(Role.MENTOR).with_people() if role == Role.MENTOR else []
    context = {"form": form, "group": group, "mentors": ", ".join(each.user.full_name for each in mentors)}
    return render(request, "mentoring/member_create.html", context, status=422 if form.errors else 200)


def _joined(request: SignedInRequest, group: MentoringGroup, person: User) -> HttpResponse:
    tell(request, _("%(name)s is in the group now.") % {"name": person.full_name})
    return _back_to_people(request, group.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@access(MembershipProposal, Action.MANAGE, for_page=True)
def proposal_decide(request: SignedInRequest, proposal: MembershipProposal) -> HttpResponse:
    """Agree that somebody proposed from outside joins the group, or refuse it."""
    error = ""
    if request.method == "POST":
        accept = request.POST.get("decision") == "accept"
        try:
            decided = proposals.decide_proposal(proposal=proposal, by=request.user, accept=accept)
        except ValidationError as problem:
            error = " ".join(problem.messages)
        else:
            tell(request, _decided_words(decided, accept=accept) % {"name": proposal.user.full_name})
            return redirect("home:first-screen")
    context = {"proposal": proposal, "error": error}
    return render(request, "mentoring/proposal_decide.html", context, status=422 if error else 200)


def _decided_words(proposal: MembershipProposal, *, accept: bool) -> str:
    if proposal.was_accepted:
        return _("%(name)s is in the group now.")
    if accept:
        return _("%(name)s no longer has this role in the programme, so the proposal falls away.")
    return _("Refused: %(name)s does not join.")


@require_http_methods(["GET", "HEAD", "POST"])
@access(Membership, Action.MANAGE)
def member_end(request: SignedInRequest, membership: Membership) -> HttpResponse:
    """Take a person out of the group; what they wrote stays."""
    form = OptionalReasonForm(request.POST or None)
    if stop := memberships.why_not_taken_out(membership):
        tell(request, stop, icon="exclamation-triangle")
        return _back_to_people(request, membership.group_id)
    if request.method == "POST" and form.is_valid() and membership.is_live():
        try:
            memberships.take_out(membership=membership, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            tell(request, error.messages[0], icon="exclamation-triangle")
        else:
            is_own = membership.user_id == request.user.pk
            undo = "" if is_own else reverse("mentoring:member-restore", args=[membership.pk])
            tell(request, _("%(name)s is no longer in the group.") % {"name": membership.user.full_name}, undo_url=undo)
            if is_own:
                return redirect("home:first-screen")
        return _back_to_people(request, membership.group_id)
    context = {"form": form, "membership": membership, "group": membership.group}
    return render(request, "mentoring/member_end.html", context)


@require_POST
@access(Membership, Action.MANAGE)
def member_restore(request: SignedInRequest, membership: Membership) -> HttpResponse:
    """Take back that somebody was just taken out of the group."""
    try:
        memberships.bring_back(membership=membership, by=request.user)
    except ValidationError as error:
        tell(request, error.messages[0], icon="exclamation-triangle")
    else:
        tell(request, _("%(name)s is in the group again.") % {"name": membership.user.full_name})
    return _back_to_people(request, membership.group_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Membership, Action.MANAGE)
def mentor_replace(request: SignedInRequest, membership: Membership) -> HttpResponse:
    """Let another person take the Mentor's place."""
    form = ReplaceMentorForm(request.POST or None, group=membership.group)
    if request.method == "POST" and form.is_valid() and membership.role == Role.MENTOR:
        person = form.cleaned_data["person"]
        replace = partial(memberships.replace_mentor, group=membership.group, old=membership, by=request.user)
        try:
            act_once(
                request,
                Membership,
                lambda: replace(new=person, reason=form.cleaned_data["reason"]),
                stands=Membership.is_live,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _replaced(request, membership, person)
    if form.errors and (made := done_before(request, Membership, stands=Membership.is_live)):
        return _replaced(request, membership, made.user)
    context = {"form": form, "membership": membership, "group": membership.group}
    return render(request, "mentoring/mentor_replace.html", context, status=422 if form.errors else 200)


def _replaced(request: SignedInRequest, old: Membership, person: User) -> HttpResponse:
    tell(request, _("%(name)s is the Mentor now.") % {"name": person.full_name})
    return _back_to_people(request, old.group_id)


@require_safe
@signed_in
def people_list(request: SignedInRequest) -> HttpResponse:
    """Show the people of the programmes in which one invites, and the invitations on their way."""
    programmes = list(Programme.objects.allowing(request.standing, Action.INVITE))
    chosen = next((each for each in programmes if str(each.pk) == request.GET.get("programme")), None)
    chosen = chosen or (programmes[0] if programmes else None)
    words, role = request.GET.get("q", ""), request.GET.get("role", "")
    people = Enrolment.objects.allowing(request.standing, Action.VIEW).live().of_programme(chosen).matching(words)
    on_their_way = Invitation.objects.allowing(request.standing, Action.VIEW).open().of_programme(chosen)
    if role in ProgrammeRole.values:
        people, on_their_way = people.in_role(role), on_their_way.in_role(role)
    context = {
        "programmes": programmes,
        "programme": chosen,
        "words": words,
        "role": role,
        "roles": ProgrammeRole.choices,
        "page": Paginator(people.for_list(request.standing), PAGE_SIZE).get_page(request.GET.get("page")),
        "people_count": people.count_people(),
        "invitations": on_their_way.for_list(),
    }
    return render(request, "mentoring/people_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Programme, Action.INVITE)
def invitation_create(request: SignedInRequest, programme: Programme) -> HttpResponse:
    """Invite a person to a programme, and to a group if wished."""
    roles = invitations.may_invite(standing=request.standing, programme=programme)
    people = f"{reverse('mentoring:people-list')}?programme={programme.pk}"
    initial = {"group": request.GET.get("group"), "role": request.GET.get("role") or ProgrammeRole.MENTEE}
    form = InvitationForm(
        request.POST or None, programme=programme, roles=roles, standing=request.standing, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "role": ProgrammeRole(form.cleaned_data["role"])}
        try:
            create_once(
                request,
                Invitation,
                lambda: invitations.invite(programme=programme, invited_by=request.user, **data),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("The invitation is on its way to %(email)s.") % {"email": data["email"]})
            return redirect(way_back(request, people).url)
    context = {"form": form, "programme": programme, "people_url": people, "days": invitations.VALID_FOR.days}
    return render(request, "mentoring/invitation_create.html", context, status=422 if form.errors else 200)


@require_POST
@access(Invitation, Action.INVITE)
def invitation_revoke(request: SignedInRequest, invitation: Invitation) -> HttpResponse:
    """Withdraw an invitation; its link stops working."""
    try:
        invitations.withdraw(invitation=invitation, by=request.user)
        tell(request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email})
    except ValidationError as error:
        tell(request, error.messages[0], icon="exclamation-triangle")
    return redirect(f"{reverse('mentoring:people-list')}?programme={invitation.programme_id}")


@require_POST
@access(Invitation, Action.INVITE)
def invitation_resend(request: SignedInRequest, invitation: Invitation) -> HttpResponse:
    """Send a new link; the old one stops working."""
    try:
        invitations.invite_again(invitation=invitation, by=request.user)
        tell(request, _("A new link is on its way to %(email)s.") % {"email": invitation.email})
    except ValidationError as error:
        tell(request, error.messages[0], icon="exclamation-triangle")
    return redirect(f"{reverse('mentoring:people-list')}?programme={invitation.programme_id}")


def _too_many_tries(request: HttpRequest) -> bool:
    """Return whether this address has opened many links that lead nowhere within the hour.

    Guessing a token of 256 bits is hopeless, but let it be quiet. Links that are right are neither counted nor
    refused: a whole class behind one address accepts on one evening.
    """
    return int(cache.get(_tries_key(request), 0)) >= TRIES_PER_HOUR


def _count_try(request: HttpRequest) -> None:
    key = _tries_key(request)
    if not cache.add(key, 1, 3600):
        with contextlib.suppress(ValueError):  # it ran out in between
            cache.incr(key)


def _tries_key(request: HttpRequest) -> str:
    return f"invitation-tries:{client_address(request)}"


@require_http_methods(["GET", "HEAD", "POST"])
@public
@never_cache
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: a newcomer says name, password and language; a known person signs in first."""
    invitation = invitations.find(token)
    if invitation is None:
        if _too_many_tries(request):
            response = render(request, "mentoring/invitation_gone.html", {"too_many": True}, status=429)
            response.headers["Retry-After"] = "3600"
            return response
        _count_try(request)
        return render(request, "mentoring/invitation_gone.html", status=404)
    if not invitation.is_open:
        context = {"invitation": invitation, "is_replaced": invitations.is_replaced(invitation)}
        return render(request, "mentoring/invitation_gone.html", context, status=410)
    if request.user.is_authenticated and request.user.email.lower() != invitation.email.lower():
        context = {"invitation": invitation, "token": token}  # in the language of the one who is signed in
        return render(request, "mentoring/invitation_elsewhere.html", context, status=409)
    with translation.override(_language_of(request, invitation)), called_as_in(invitation.programme):
        if invitations.is_known(invitation):
            return _accept_as_known(request, invitation, token)
        return _accept_as_newcomer(request, invitation, token)


def _language_of(request: HttpRequest, invitation: Invitation) -> str:
    """Return the language of the page: the one chosen on it or kept with the account, else that of the invitation."""
    if request.user.is_authenticated:
        return translation.get_language() or invitation.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    wanted = [request.POST.get("language"), request.GET.get("language"), chosen, invitation.language]
    known = dict(Invitation._meta.get_field("language").flatchoices)
    return next((each for each in wanted if each and each in known), settings.LANGUAGE_CODE)


def _welcome(invitation: Invitation, user: User) -> str:
    """Return what a person reads who has accepted; also why they are not in the group they were invited into."""
    words = _("Welcome to %(programme)s.") % {"programme": invitation.programme.title}
    return f"{words} {invitations.why_outside(invitation, user)}".strip()


def _accept_as_known(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Join with the account one has."""
    error = ""
    if request.method == "POST" and request.user.is_authenticated:
        try:
            invitations.accept(token=token, user=request.user)
        except ValidationError as problem:
            error = problem.messages[0]
        else:
            tell(request, _welcome(invitation, request.user))
            return redirect("home:first-screen")
    context = {"invitation": invitation, "token": token, "error": error}
    return render(request, "mentoring/invitation_known.html", context, status=422 if error else 200)


def _accept_as_newcomer(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Make an account, and enter."""
    initial = {
        "full_name": invitation.full_name,
        "language": translation.get_language(),
        "time_zone": invitation.invited_by.time_zone if zone_of(invitation.invited_by.time_zone) else "",
    }
    form = NewcomerForm(request.POST or None, email=invitation.email, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.accept(token=token, person=form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
            tell(request, _welcome(invitation, user))
            return redirect("home:first-screen")
    context = {"form": form, "invitation": invitation}
    return render(request, "mentoring/invitation_accept.html", context, status=422 if form.errors else 200)
