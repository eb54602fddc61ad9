"""What is told in a programme and in a group: the words, the log, the rules of reminders, what a day asks for."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.policy.guard import access, anywhere
from core.policy.roles import Action, Area
from core.web.http import SignedInRequest
from core.web.toasts import tell
from mentoring.models import MentoringGroup, Programme
from mentoring.standing import Standing
from notices.models import ReminderRule
from notices.pages.log import log_context
from notices.pages.notices import kinds_context
from notices.pages.rules import mail_values, rules_context
from notices.pages.today import of_own_groups, of_programme
from notices.rule_forms import MailForm, RuleForm, before_change, undo_token
from notices.services import rules


def _administered(standing: Standing, _action: Action) -> Any:
    return Programme.objects.administered_by(standing)


def _rules_administered(standing: Standing, _action: Action) -> Any:
    return ReminderRule.objects.administered_by(standing)


@require_safe
@access(MentoringGroup, Action.MANAGE, area=Area.CHECKLIST, for_page=True)
def notice_log(request: SignedInRequest, group: MentoringGroup) -> HttpResponse:
    """Show what was told in a group, to whom, why, and what became of it."""
    return render(request, "notices/notice_log.html", log_context(request, group, request.GET.get("page", "")))


@require_safe
@access(Programme, Action.CHANGE, among=_administered)
def kind_list(request: SignedInRequest, programme: Programme) -> HttpResponse:
    """Show the words of every kind of notice, in every language."""
    return render(request, "notices/kind_list.html", {"programme": programme} | kinds_context(programme))


@require_safe
@access(Programme, Action.CHANGE, among=_administered)
def reminders_today(request: SignedInRequest, programme: Programme) -> HttpResponse:
    """Show who would be reminded today in a programme, by which rule, and who was."""
    return render(request, "notices/reminders_today.html", of_programme(programme, page=request.GET.get("page", "")))


@require_safe
@anywhere(Area.CHECKLIST, Action.MANAGE)
def reminders_own(request: SignedInRequest) -> HttpResponse:
    """Show who would be reminded today in the groups that one manages, by which rule, and who was."""
    context = of_own_groups(request.standing, page=request.GET.get("page", ""))
    return render(request, "notices/reminders_today.html", context)


@require_safe
@access(Programme, Action.CHANGE, among=_administered)
def rule_list(request: SignedInRequest, programme: Programme) -> HttpResponse:
    """Show by which rules a programme reminds."""
    return render(request, "notices/rule_list.html", rules_context(programme))


@require_POST
@access(Programme, Action.CHANGE, among=_administered)
def rules_take(request: SignedInRequest, programme: Programme) -> HttpResponse:
    """Take the rules of the pack, where a programme has none."""
    rules.take_rules_of_packs(programmes=[programme.pk])
    return redirect("notices:rule-list", programme.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Programme, Action.CHANGE, among=_administered)
def rule_create(request: SignedInRequest, programme: Programme) -> HttpResponse:
    """Add a rule."""
    form = RuleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        rule = rules.add_rule(programme=programme, by=request.user, values=form.values())
        undo = reverse("notices:rule-remove", args=[rule.pk])
        tell(request, _("The rule is added. It counts from today."), undo_url=undo)
        return redirect("notices:rule-list", programme.pk)
    context = {"form": form, "programme": programme, "rule": None}
    return render(request, "notices/rule_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access(ReminderRule, Action.CHANGE, among=_rules_administered)
def rule_edit(request: SignedInRequest, rule: ReminderRule) -> HttpResponse:
    """Change a rule."""
    form = RuleForm(request.POST if request.method == "POST" else None, rule=rule)
    if request.method == "POST" and form.is_valid():
        before = rules.change_rule(rule=rule, by=request.user, values=form.values())
        undo = reverse("notices:rule-undo", args=[rule.pk, undo_token(before)])
        tell(request, _("The rule is changed."), undo_url=undo)
        return redirect("notices:rule-list", rule.programme_id)
    context = {"form": form, "programme": rule.programme, "rule": rule}
    return render(request, "notices/rule_edit.html", context, status=422 if form.errors else 200)


@require_POST
@access(ReminderRule, Action.CHANGE, among=_rules_administered)
def rule_undo(request: SignedInRequest, rule: ReminderRule, token: str) -> HttpResponse:
    """Let a rule be as it was before it was changed."""
    before = before_change(token, rules.WORDED)
    if before is None:
        raise Http404
    rules.change_rule(rule=rule, by=request.user, values=before)
    tell(request, _("The rule is as it was before."))
    return redirect("notices:rule-list", rule.programme_id)


@require_POST
@access(ReminderRule, Action.CHANGE, among=_rules_administered)
def rule_switch(request: SignedInRequest, rule: ReminderRule) -> HttpResponse:
    """Switch a rule on or off."""
    is_on = request.GET.get("to") == "on"
    if rules.switch_rule(rule=rule, by=request.user, is_on=is_on):
        words = _("The rule is switched on. It counts from today.") if is_on else _("The rule is switched off.")
        undo = f"{reverse('notices:rule-switch', args=[rule.pk])}?to={'off' if is_on else 'on'}"
        tell(request, words, undo_url=undo)
    return redirect("notices:rule-list", rule.programme_id)


@require_POST
@access(ReminderRule, Action.CHANGE, among=_rules_administered)
def rule_remove(request: SignedInRequest, rule: ReminderRule) -> HttpResponse:
    """Take back that a rule was added; one by which somebody was reminded is switched off."""
    rules.take_back_rule(rule=rule, by=request.user)
    tell(request, _("The rule is gone."))
    return redirect("notices:rule-list", rule.programme_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Programme, Action.CHANGE, among=_administered)
def mail_edit(request: SignedInRequest, programme: Programme) -> HttpResponse:
    """Say where answers to e-mails go, and how long notices are kept."""
    before = mail_values(programme)
    form = MailForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid():
        rules.set_mail(programme=programme, by=request.user, **form.cleaned_data)
        undo = reverse("notices:mail-undo", args=[programme.pk, undo_token(before)])
        tell(request, _("Saved."), undo_url=undo)
        return redirect("notices:rule-list", programme.pk)
    context = {"form": form, "programme": programme}
    return render(request, "notices/mail_edit.html", context, status=422 if form.errors else 200)


@require_POST
@access(Programme, Action.CHANGE, among=_administered)
def mail_undo(request: SignedInRequest, programme: Programme, token: str) -> HttpResponse:
    """Let the e-mails of a programme be as they were before."""
    before = before_change(token, mail_values(programme))
    if before is None:
        raise Http404
    rules.set_mail(programme=programme, by=request.user, **before)
    tell(request, _("It is as it was before."))
    return redirect("notices:rule-list", programme.pk)
