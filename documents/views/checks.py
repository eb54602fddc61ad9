"""The public page that says whether a document is ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.policy.guard import public
from documents.models import Document
from documents.pages.checks import MANY_SECONDS, is_too_many, normal_code, public_facts


@require_safe
@public
def document_check(request: HttpRequest) -> HttpResponse:
    """Say what kind of document a code belongs to; of people and groups nothing."""
    typed = request.GET.get("code", "").strip()[:40]
    context = {"typed": typed, "is_asked": bool(typed)}
    if not typed:
        return render(request, "documents/document_check.html", context)
    if is_too_many(request):
        context["fault"] = _("Too many codes were tried from this connection. Wait a minute, then try again.")
        response = render(request, "documents/document_check.html", context, status=429)
        response["Retry-After"] = str(MANY_SECONDS)
        return response
    document = Document.objects.for_check(normal_code(typed)).first()
    context["facts"] = public_facts(document) if document else None
    return render(request, "documents/document_check.html", context)
