"""People, their photos, and the mails on their way to them."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.built_once import built_once
from core.search import FoldedField, FoldsOnSave


@built_once
def _person(key: int) -> Any:
    return User.objects.filter(pk=key)


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail address."""

    use_in_migrations = True

    def get(self, *args: Any, **kwargs: Any) -> "User":
        """Return one person; who is signed in is asked for by key, at every request (`core.built_once`).

        Raises:
            User.DoesNotExist: there is none.
        """
        # A manager that stands between two rows (`group.user_set`) has conditions of its own.
        if type(self) is not UserManager or args or kwargs.keys() != {"pk"} or type(kwargs["pk"]) is not int:
            return super().get(*args, **kwargs)
        for user in _person(kwargs["pk"]):
            return user  # type: ignore[no-any-return]
        raise self.model.DoesNotExist

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this address, whatever the case of its letters."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person who can sign in with `email`.

        Raises:
            ValueError: without an address.
        """
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person who may do everything in the administration."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


no_control_characters = RegexValidator(r"^[^\x00-\x1f\x7f<>]*$", _("Use letters, spaces and hyphens only."))


def photo_name(user: "User", filename: str) -> str:  # noqa: ARG001 -- Django passes the sent name; it is not trusted
    """Return a random storage name for a portrait."""
    return f"portraits/{uuid.uuid4().hex}.jpg"


class User(FoldsOnSave, AbstractBaseUser, PermissionsMixin):
    """A person. What somebody may do comes from enrolments and memberships, never from flags here.

    `is_staff` only opens the administration (superusers and Programme Admins).
    """

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    full_name = models.CharField(_("name"), max_length=150, validators=[no_control_characters])
    call_name = models.CharField(
        _("called"),
        max_length=60,
        blank=True,
        validators=[no_control_characters],
        help_text=_("How others address you. Your first name when left empty."),
    )
    search_text = FoldedField(sources=("full_name", "call_name"))
    about = models.CharField(
        _("about you"), max_length=200, blank=True, help_text=_("One line that the people of your groups read.")
    )
    photo = models.ImageField(_("photo"), upload_to=photo_name, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, default="")
    shows_email = models.BooleanField(
        _("The people of my groups see my e-mail address."),
        default=False,
        help_text=_("Otherwise they write to you here, and you get an e-mail about it."),
    )
    is_active = models.BooleanField(
        _("may sign in"), default=True, help_text=_("Switch off instead of deleting; everything is kept.")
    )
    is_staff = models.BooleanField(_("can open the administration"), default=False)
    # Kept by the app of the notices in the transaction that changes it, so that the bell costs no page a statement.
    unread_notices = models.PositiveIntegerField(default=0, editable=False)
    mail_refused_at = models.DateTimeField(_("mail does not arrive since"), null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["full_name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        """Return the whole name."""
        return str(self)

    @property
    def portrait_url(self) -> str:
        """Where the portrait is shown to those who may see this person; empty without one."""
        if not self.photo:
            return ""
        mark = str(self.photo.name).rsplit("/", 1)[-1][:8]
        return f"{reverse('mentoring:portrait-detail', kwargs={'pk': self.pk})}?v={mark}"

    def get_short_name(self) -> str:
        """Return the name others use."""
        return self.call_name or (self.full_name.split() or [self.email.split("@")[0]])[0]


class Mail(models.Model):
    """A mail that must be sent: a row first, then a task; the text is dropped once it is sent.

    `headers` are those beside sender, receiver and subject, such as what makes mails of one topic a thread. `token` is
    the part of its Message-ID that nobody can guess: a bounce that names it is about this mail (`accounts.bounces`).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("stopped")
        REFUSED = "refused", _("refused by the receiver")
        DROPPED = "dropped", _("not sent any more")

    to = models.EmailField(_("to"))
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    token = models.CharField(max_length=32, blank=True, default="", db_index=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to}"
