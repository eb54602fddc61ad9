"""Routes of the notices."""

from django.urls import path

from notices import streams, views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notice_list, name="notice-list"),
    path("notices/seen/", views.notices_seen, name="notices-seen"),
    path("notices/choices/", views.choices_edit, name="choices-edit"),
    path("notices/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("notices/<key:pk>/", views.notice_open, name="notice-open"),
    path("notices/<key:pk>/seen/", views.notice_seen, name="notice-seen"),
    path("notices/<key:pk>/unseen/", views.notice_unseen, name="notice-unseen"),
    path("notices/kinds/<key:pk>/", views.kind_list, name="kind-list"),
    path("groups/<key:pk>/notices/", views.notice_log, name="notice-log"),
    path("live/notices/", streams.notices_stream, name="notices-stream"),
]
