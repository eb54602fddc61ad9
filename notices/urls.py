"""Routes of the notices."""

from django.urls import path

from notices import streams
from notices.views import own, programme

app_name = "notices"
urlpatterns = [
    path("notices/", own.notice_list, name="notice-list"),
    path("notices/seen/", own.notices_seen, name="notices-seen"),
    path("notices/choices/", own.choices_edit, name="choices-edit"),
    path("notices/unsubscribe/<str:token>/", own.unsubscribe, name="unsubscribe"),
    path("notices/<key:pk>/", own.notice_open, name="notice-open"),
    path("notices/<key:pk>/seen/", own.notice_seen, name="notice-seen"),
    path("notices/<key:pk>/unseen/", own.notice_unseen, name="notice-unseen"),
    path("notices/kinds/<key:pk>/", programme.kind_list, name="kind-list"),
    path("groups/<key:pk>/notices/", programme.notice_log, name="notice-log"),
    path("reminders/", programme.reminders_own, name="reminders-own"),
    path("programmes/<key:pk>/reminders/", programme.rule_list, name="rule-list"),
    path("programmes/<key:pk>/reminders/today/", programme.reminders_today, name="reminders-today"),
    path("programmes/<key:pk>/reminders/from-pack/", programme.rules_take, name="rules-take"),
    path("programmes/<key:pk>/reminders/new/", programme.rule_create, name="rule-create"),
    path("programmes/<key:pk>/mail/", programme.mail_edit, name="mail-edit"),
    path("programmes/<key:pk>/mail/undo/<str:token>/", programme.mail_undo, name="mail-undo"),
    path("reminders/rules/<key:pk>/", programme.rule_edit, name="rule-edit"),
    path("reminders/rules/<key:pk>/switch/", programme.rule_switch, name="rule-switch"),
    path("reminders/rules/<key:pk>/undo/<str:token>/", programme.rule_undo, name="rule-undo"),
    path("reminders/rules/<key:pk>/take-back/", programme.rule_remove, name="rule-remove"),
    path("live/notices/", streams.notices_stream, name="notices-stream"),
]
