"""Root URLs: one include per app, in layer order."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("", include("home.urls")),
    path("", include("accounts.urls")),
    path("", include("mentoring.urls")),
    path("", include("notices.urls")),
    path("", include("documents.urls")),
    path("", include("rendering.urls")),
    path("", include("responses_app.urls")),
    path("", include("uploads.urls")),
    path("", include("checklist.urls")),
    path("", include("sessions_app.urls")),
    path("", include("conversations.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "home.views.bad_request"
handler403 = "home.views.permission_denied"
handler404 = "home.views.page_not_found"
handler500 = "home.views.server_error"
