"""What is set up and what is missing, as a road: organisation, programme, Manager, groups."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import texts
from core.policy.roles import ProgrammeRole
from core.templatetags.ui import day_month, day_month_until
from mentoring.administration import administered, is_superuser
from mentoring.models import Organisation, Pack, Programme

SHOWN = 6
NAMED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """The one act that comes next."""

    title: str
    text: str
    url: str
    label: str


def setting_up(request: HttpRequest) -> dict[str, Any]:
    """Return `step` (or None when nothing is missing), `first_road` before the first programme, `programmes`.

    Programmes that miss something come first; `more` says how many are not shown.
    """
    programmes = list(Programme.objects.with_keys(administered(request)).open().for_setting_up())
    if not programmes:
        return {"step": _first_step(request), "first_road": _first_road(request), "programmes": [], "more": 0}
    told = [{"programme": each, "road": _road(each), "step": _step(each)} for each in programmes]
    told.sort(key=lambda one: one["step"] is None)
    return {
        "step": next((one["step"] for one in told if one["step"]), None),
        "first_road": [], "programmes": told[:SHOWN], "more": max(0, len(told) - SHOWN),
    }  # fmt: skip


def _invite_url(programme: Any) -> str:
    return f"{reverse('admin:mentoring_invitation_add')}?programme={programme.pk}&role={ProgrammeRole.MANAGER.value}"


def _road(programme: Any) -> list[dict[str, Any]]:
    """Return the stations of a programme."""
    organisation = programme.organisation
    place = [organisation.place, texts.country_name(organisation.country)]
    return [
        {"title": organisation.name, "line": ", ".join(filter(None, place)),
         "url": reverse("admin:mentoring_organisation_change", args=[organisation.pk]), "state": "done"},
        {"title": _("Programme and its settings"), "line": _programme_line(programme),
         "url": reverse("admin:mentoring_programme_change", args=[programme.pk]), "state": "done"},
        _manager_station(programme),
        _group_station(programme),
    ]  # fmt: skip


def _programme_line(programme: Any) -> str:
    return _("%(pack)s. %(start)s to %(end)s") % {
        "start": day_month_until(programme.starts_on, programme.ends_on), "end": day_month(programme.ends_on),
        "pack": texts.text(programme.pack.title) or programme.pack.key,
    }  # fmt: skip


def _manager_station(programme: Any) -> dict[str, Any]:
    names = [each.user.full_name for each in programme.live_managers]
    if names:
        shown = ", ".join(names[:NAMED])
        rest = len(names) - NAMED
        line = shown if rest <= 0 else _("%(names)s and %(n)d more") % {"names": shown, "n": rest}
        where = f"?programme__id__exact={programme.pk}&role__exact={ProgrammeRole.MANAGER.value}"
        url = reverse("admin:mentoring_enrolment_changelist") + where
        return {"title": ngettext("Manager", "Managers", len(names)), "line": line, "url": url, "state": "done"}
    if programme.invited_total:
        url = f"{reverse('admin:mentoring_invitation_changelist')}?programme__id__exact={programme.pk}"
        return {"title": _("Manager"), "line": _("Invited; the link has not been "
                                                 "opened yet."), "url": url, "state": "now",
                "chip_state": "waiting", "chip_text": _("Waiting")}  # fmt: skip
    return {"title": _("Invite a Manager"), "line": _("Opens the groups and looks after them."),
            "url": _invite_url(programme), "state": "now"}  # fmt: skip


def _group_station(programme: Any) -> dict[str, Any]:
    count = programme.group_total
    if count:
        url = f"{reverse('admin:mentoring_mentoringgroup_changelist')}?programme__id__exact={programme.pk}"
        title = ngettext("%(n)d group", "%(n)d groups", count) % {"n": count}
        return {"title": title, "line": "", "url": url, "state": "done"}
    ready = bool(programme.live_managers)
    return {"title": _("The Managers open groups"), "line": _("On their own pages, with their Mentors and Mentees."),
            "url": "", "state": "now" if ready else "later"}  # fmt: skip


def _step(programme: Any) -> Step | None:
    """Return what this programme misses that its Admin can do."""
    if programme.live_managers or programme.invited_total:
        return None
    return Step(
        title=_("Invite a Manager of %(programme)s") % {"programme": programme},
        text=_("Managers open the groups, choose Mentors and Mentees, and look after the documents."),
        url=_invite_url(programme), label=_("Invite a Manager"),
    )  # fmt: skip


def _first_step(request: HttpRequest) -> Step | None:
    """Return what a superuser does before there is a programme."""
    if not is_superuser(request):
        return None
    if not Pack.objects.exists():
        return Step(
            title=_("Load a programme pack"),
            text=_("It brings tools, sessions and texts. On the server: manage.py load_pack packs/blended-employment"),
            url="", label="",
        )  # fmt: skip
    if not Organisation.objects.exists():
        return Step(
            title=_("Start with your organisation"),
            text=_("Its name and logo appear on every document. Then you set up the programme and invite a Manager."),
            url=reverse("admin:mentoring_organisation_add"), label=_("Add an organisation"),
        )  # fmt: skip
    return Step(
        title=_("Now set up the programme"),
        text=_("Choose its dates. How it works is filled in already; you can change it at any time."),
        url=reverse("admin:mentoring_programme_add"), label=_("Add a programme"),
    )  # fmt: skip


def _first_road(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the road before the first programme; nothing for somebody whose programmes are all closed."""
    if not is_superuser(request):
        return []
    organisation = Organisation.objects.first()
    first = {
        "title": _("Organisation"),
        "line": _("The organisation that runs the programme."),
        "url": "",
        "state": "now",
    }
    if organisation:
        url = reverse("admin:mentoring_organisation_change", args=[organisation.pk])
        first = {"title": organisation.name, "line": organisation.place, "url": url, "state": "done"}
    return [
        first,
        {"title": _("Programme"), "line": _("Its dates, its tools, how its groups work."), "url": "",
         "state": "now" if organisation else "next"},
        {"title": _("Manager"), "line": _("You invite the first one by e-mail."), "url": "", "state": "later"},
        {"title": _("Groups"), "line": _("The Managers open them on their own pages."), "url": "", "state": "later"},
    ]  # fmt: skip
