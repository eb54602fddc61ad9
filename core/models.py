"""Rows that belong to no domain: events, and the keys that make a create happen once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.event_words import in_words


class DomainEvent(models.Model):
    """Something that happened, written in the transaction that made it happen; typed, with ids only.

    The audit trail and everything that must react to the past reads these rows. No text that a person typed
    goes into `data`.
    """

    kind = models.CharField(_("what"), max_length=60, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    group_id = models.BigIntegerField(_("group number"), null=True, blank=True, db_index=True)
    target = models.CharField(_("about"), max_length=100, blank=True)
    data = models.JSONField(_("ids"), default=dict, blank=True)
    happened_at = models.DateTimeField(_("when"), db_index=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return in_words(self.kind)


class OnceKey(models.Model):
    """A one-time key of a create form: a double click or a retry makes one object, not two."""

    key = models.UUIDField(unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    url = models.CharField(max_length=500, blank=True)
    used_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)
