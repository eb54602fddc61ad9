"""Routes of plans, sessions, sections and diaries."""

from django.urls import path, re_path

from sessions_app.views import catalogue, diaries, meetings, plans

app_name = "sessions"

SECTION = "initial|employability|entrepreneurship|monitoring"

urlpatterns = [
    path("groups/<key:pk>/plan/", plans.plan_detail, name="plan-detail"),
    path("groups/<key:pk>/plan/edit/", plans.plan_edit, name="plan-edit"),
    path("groups/<key:pk>/plan/agree/", plans.plan_agree, name="plan-agree"),
    path("groups/<key:pk>/plan/sessions/new/", plans.session_create, name="session-create"),
    path("groups/<key:pk>/plan/sessions/add/", plans.session_add, name="session-add"),
    path("groups/<key:pk>/plan/sessions/own/", plans.session_own, name="session-own"),
    re_path(
        rf"^groups/(?P<pk>[0-9]{{1,18}})/sections/(?P<kind>{SECTION})/$",
        catalogue.section_detail,
        name="section-detail",
    ),
    path("groups/<key:pk>/catalogue/<key:session_pk>/", catalogue.catalogue_detail, name="catalogue-detail"),
    path("groups/<key:pk>/diaries/", diaries.diary_list, name="diary-list"),
    path("sessions/<key:pk>/", meetings.session_detail, name="session-detail"),
    path("sessions/<key:pk>/edit/", meetings.session_edit, name="session-edit"),
    path("sessions/<key:pk>/hold/", meetings.session_hold, name="session-hold"),
    path("sessions/<key:pk>/unhold/", meetings.session_unhold, name="session-unhold"),
    path("sessions/<key:pk>/cancel/", meetings.session_cancel, name="session-cancel"),
    path("sessions/<key:pk>/restore/", meetings.session_restore, name="session-restore"),
    path("sessions/<key:pk>/move/", meetings.session_move, name="session-move"),
    path("sessions/<key:pk>/remove/", meetings.session_remove, name="session-remove"),
    path("sessions/<key:pk>/diary/", diaries.diary_write, name="diary-write"),
]
