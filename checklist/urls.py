"""Routes of the checklist."""

from django.urls import path

from checklist import views

app_name = "checklist"
urlpatterns = [
    path("groups/<key:pk>/checklist/", views.checklist_list, name="checklist-list"),
    path("groups/<key:pk>/checklist/<slug:key>/", views.checklist_cell, name="checklist-cell"),
    path("groups/<key:pk>/checklist/<slug:key>/waive/", views.checklist_waive, name="checklist-waive"),
    path("groups/<key:pk>/checklist/<slug:key>/ask-again/", views.checklist_unwaive, name="checklist-unwaive"),
    path("groups/<key:pk>/checklist/<slug:key>/remind/", views.checklist_remind, name="checklist-remind"),
]
