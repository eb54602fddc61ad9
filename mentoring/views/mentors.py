"""Choosing a Mentor for a group."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.policy.guard import access
from core.policy.roles import Action, Area, Role
from core.web.http import SignedInRequest
from core.web.once import act_once, done_before
from core.web.toasts import tell
from core.web.way_back import way_back
from mentoring.forms import ChooseMentorForm
from mentoring.models import Invitation, Membership, MentoringGroup
from mentoring.services import memberships


@require_http_methods(["GET", "HEAD", "POST"])
@access(MentoringGroup, Action.MANAGE, area=Area.PEOPLE)
def mentor_choose(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Choose one of the programme's Mentors, with how much each has to do; show who is invited already."""
    words = request.GET.get("q", "")
    form = ChooseMentorForm(request.POST or None, group=group, words=words)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        try:
            act_once(
                request,
                Membership,
                lambda: memberships.add_member(group=group, user=person, role=Role.MENTOR, by=request.user),
                stands=Membership.is_live,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _chosen(request, group, person)
    # A second press finds the person in the group, and no longer among those who can be chosen.
    if form.errors and (made := done_before(request, Membership, stands=Membership.is_live)):
        return _chosen(request, group, made.user)
    invited = Invitation.objects.allowing(request.standing, Action.VIEW).open().of_programme(group.programme)
    context = {"form": form, "group": group, "words": words, "invited": invited.in_role(Role.MENTOR).for_list()}
    return render(request, "mentoring/mentor_choose.html", context, status=422 if form.errors else 200)


def _chosen(request: SignedInRequest, group: MentoringGroup, person: User) -> HttpResponse:
    tell(request, _("%(name)s is the Mentor now.") % {"name": person.full_name})
    return redirect(way_back(request, reverse("mentoring:member-list", args=[group.pk])).url)
