"""Routes of the template library and of PDFs in the making."""

from django.urls import path

from rendering.views import library, renderings

app_name = "rendering"
urlpatterns = [
    path("groups/<int:pk>/templates/", library.library_detail, name="library-detail"),
    path("templates/<int:pk>/blank/", library.blank_download, name="blank-download"),
    path("packs/<int:pk>/guide/", library.guide_download, name="guide-download"),
    path("renderings/<int:pk>/", renderings.rendering_status, name="rendering-status"),
    path("renderings/<int:pk>/retry/", renderings.rendering_retry, name="rendering-retry"),
]
