"""Routes of groups, people and invitations."""

from django.urls import path, re_path

from mentoring.views import groups, mentors, messages, people, space

app_name = "mentoring"

# --- groups, people, invitations
urlpatterns = [
    path("groups/", groups.group_list, name="group-list"),
    path("programmes/<key:pk>/groups/new/", groups.group_create, name="group-create"),
    path("groups/<key:pk>/edit/", groups.group_edit, name="group-edit"),
    path("groups/<key:pk>/stage/", groups.stage_change, name="stage-change"),
    re_path(
        r"^groups/(?P<pk>[0-9]{1,18})/(?P<exit_kind>pause|end|reopen|back)/$", groups.group_exit, name="group-exit"
    ),
    path("groups/<key:pk>/resume/", groups.group_resume, name="group-resume"),
    path("groups/<key:pk>/remove/", groups.group_remove, name="group-remove"),
    path("groups/<key:pk>/people/", people.member_list, name="member-list"),
    path("groups/<key:pk>/people/new/", people.member_create, name="member-create"),
    path("groups/<key:pk>/mentor/", mentors.mentor_choose, name="mentor-choose"),
    path("proposals/<key:pk>/", people.proposal_decide, name="proposal-decide"),
    path("members/<key:pk>/end/", people.member_end, name="member-end"),
    path("members/<key:pk>/restore/", people.member_restore, name="member-restore"),
    path("members/<key:pk>/messages/", messages.message_list, name="message-list"),
    path("messages/", messages.message_inbox, name="message-inbox"),
    path("members/<key:pk>/replace/", people.mentor_replace, name="mentor-replace"),
    path("people/", people.people_list, name="people-list"),
    path("people/<key:pk>/portrait/", people.portrait_detail, name="portrait-detail"),
    path("programmes/<key:pk>/invite/", people.invitation_create, name="invitation-create"),
    path("invitations/<key:pk>/withdraw/", people.invitation_revoke, name="invitation-revoke"),
    path("invitations/<key:pk>/again/", people.invitation_resend, name="invitation-resend"),
    path("invited/<str:token>/", people.invitation_accept, name="invitation-accept"),
]

# --- the group space
urlpatterns += [
    path("groups/<key:pk>/", space.group_detail, name="group-detail"),
    path("groups/<key:pk>/glossary/", space.glossary_detail, name="glossary-detail"),
    path("groups/<key:pk>/pages/<slug:key>/", space.page_detail, name="page-detail"),
]
