"""Routes of plans, sessions, sections and diaries."""

from django.urls import path, re_path

from sessions_app.views import catalogue, diaries, meetings, plans

app_name = "sessions"

SECTION = "initial|employability|entrepreneurship|monitoring"

urlpatterns = [
    path("groups/<int:pk>/plan/", plans.plan_detail, name="plan-detail"),
    path("groups/<int:pk>/plan/edit/", plans.plan_edit, name="plan-edit"),
    path("groups/<int:pk>/plan/agree/", plans.plan_agree, name="plan-agree"),
    path("groups/<int:pk>/plan/sessions/new/", plans.session_create, name="session-create"),
    path("groups/<int:pk>/plan/sessions/add/", plans.session_add, name="session-add"),
    re_path(rf"^groups/(?P<pk>[0-9]+)/sections/(?P<kind>{SECTION})/$", catalogue.section_detail, name="section-detail"),
    path("groups/<int:pk>/catalogue/<int:session_pk>/", catalogue.catalogue_detail, name="catalogue-detail"),
    path("groups/<int:pk>/diaries/", diaries.diary_list, name="diary-list"),
    path("sessions/<int:pk>/", meetings.session_detail, name="session-detail"),
    path("sessions/<int:pk>/edit/", meetings.session_edit, name="session-edit"),
    path("sessions/<int:pk>/hold/", meetings.session_hold, name="session-hold"),
    path("sessions/<int:pk>/cancel/", meetings.session_cancel, name="session-cancel"),
    path("sessions/<int:pk>/restore/", meetings.session_restore, name="session-restore"),
    path("sessions/<int:pk>/move/", meetings.session_move, name="session-move"),
    path("sessions/<int:pk>/remove/", meetings.session_remove, name="session-remove"),
    path("sessions/<int:pk>/diary/", diaries.diary_write, name="diary-write"),
]
