"""Two tags of Django that every page uses by the dozen, without what is the same each time."""

from typing import Any

from django import template
from django.template import defaulttags
from django.template.base import Parser, Token, Variable
from django.templatetags import i18n
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.web.http import address

register = template.Library()


class AddressNode(defaulttags.URLNode):
    """`{% url %}`, whose pattern is looked up once; named arguments are left to Django."""

    def render(self, context: template.Context) -> str:
        """Return the address, or put it into the context."""
        if self.kwargs:
            return str(super().render(context))
        keys = [each.resolve(context) for each in self.args]
        try:
            found = address(self.view_name.resolve(context), *keys)
        except NoReverseMatch:
            return str(super().render(context))
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """Give the address of a view."""
    node: Any = defaulttags.url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


class SentenceNode(i18n.TranslateNode):
    """`{% translate %}` of a sentence that stands in the template: its `message`."""

    message: str

    def render(self, context: template.Context) -> str:
        """Return the sentence in the language of the reader, or put it into the context."""
        sentence = SafeString(gettext(self.message).replace("%%", "%"))
        if self.asvar:
            context[self.asvar] = sentence
            return ""
        return sentence


@register.tag
def translate(parser: Parser, token: Token) -> i18n.TranslateNode:
    """Translate a text; one with a filter, a context or a variable is left to Django."""
    node: Any = i18n.do_translate(parser, token)
    said = node.filter_expression
    if node.noop or node.message_context or said.filters or not isinstance(said.var, Variable):
        return node  # type: ignore[no-any-return]  # of this kind
    if not isinstance(said.var.literal, SafeString):
        return node  # type: ignore[no-any-return]
    node.__class__, node.message = SentenceNode, str(said.var.literal).replace("%", "%%")
    return node  # type: ignore[no-any-return]
