"""Routes of the checklist."""

from django.urls import path

from checklist import views

app_name = "checklist"
urlpatterns = [
    path("groups/<int:pk>/checklist/<slug:tool>/", views.checklist_cell, name="checklist-cell"),
    path("groups/<int:pk>/checklist/<slug:tool>/waive/", views.checklist_waive, name="checklist-waive"),
    path("groups/<int:pk>/checklist/<slug:tool>/ask-again/", views.checklist_unwaive, name="checklist-unwaive"),
    path("groups/<int:pk>/checklist/<slug:tool>/remind/", views.checklist_remind, name="checklist-remind"),
]
