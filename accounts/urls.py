"""Routes of people: profile, language, and allauth's pages that we use."""

from allauth.account import views as allauth_views
from django.urls import include, path, re_path

from accounts import views
from core.policy.guard import public, signed_in

own = [
    path("profile/", views.profile_edit, name="profile-edit"),
    path("again/", views.kept_form, name="kept-form"),
    path("language/", views.language_set, name="language-set"),
]
# Only what we use of allauth; its own names, which its templates and code reverse.
sign_in = [
    path("sign-in/", public(views.own_next_only(allauth_views.login)), name="account_login"),
    path("sign-out/", public(allauth_views.logout), name="account_logout"),
    path("sign-up/", public(allauth_views.signup), name="account_signup"),
    path("inactive/", public(allauth_views.account_inactive), name="account_inactive"),
    path("password/change/", signed_in(allauth_views.password_change), name="account_change_password"),
    path("password/set/", signed_in(allauth_views.password_set), name="account_set_password"),
    path("password/reset/", public(allauth_views.password_reset), name="account_reset_password"),
    path("password/reset/sent/", public(allauth_views.password_reset_done), name="account_reset_password_done"),
    re_path(  # the key has a hyphen too: a `path` would split at the wrong one
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        public(allauth_views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        public(allauth_views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
urlpatterns = [path("", include((own, "accounts"))), *sign_in]
