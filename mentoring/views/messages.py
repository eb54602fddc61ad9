"""Writing to a member of one's group."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.policy.guard import access, signed_in
from core.policy.roles import Action
from core.web.http import SignedInRequest
from core.web.once import create_once, new_key
from mentoring.forms import MessageForm
from mentoring.models import Membership, Message
from mentoring.pages.messages import conversations_of, messages_context
from mentoring.services import messages


@require_safe
@signed_in
def message_inbox(request: SignedInRequest) -> HttpResponse:
    """List with whom one has written."""
    return render(request, "mentoring/message_inbox.html", {"conversations": conversations_of(request.standing)})


@require_http_methods(["GET", "HEAD", "POST"])
@access(Membership, Action.VIEW, for_page=True)
def message_list(request: SignedInRequest, partner: Membership) -> HttpResponse:
    """Read what one and another member wrote to each other, and write."""
    if partner.user_id == request.user.pk or request.standing.role_in(partner.group_id) is None:
        raise Http404
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            create_once(
                request,
                Message,
                lambda: messages.send_message(to=partner, by=request.user, text=form.cleaned_data["text"]),
            )
        except ValidationError as error:
            form.add_error(None if not hasattr(error, "error_dict") else "text", error.messages)
        else:
            return redirect("mentoring:message-list", partner.pk)
    context = messages_context(request, partner) | {"form": form, "once": new_key()}
    messages.mark_read(group_id=partner.group_id, reader=request.user, sender_id=partner.user_id)
    return render(request, "mentoring/message_list.html", context, status=422 if form.errors else 200)
