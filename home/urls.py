"""Routes of home."""

from django.urls import path

from home import views

app_name = "home"
urlpatterns = [
    path("", views.first_screen, name="first-screen"),
    path("drafts/", views.draft_list, name="draft-list"),
    path("search/", views.search_results, name="search-results"),
    path("matrix/export/", views.matrix_export, name="matrix-export"),
]
