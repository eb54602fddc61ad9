"""Routes of the template library and of PDFs in the making."""

from django.urls import path

from rendering.views import library, renderings

app_name = "rendering"
urlpatterns = [
    path("groups/<key:pk>/templates/", library.library_detail, name="library-detail"),
    path("templates/<key:pk>/blank/", library.blank_download, name="blank-download"),
    path("packs/<key:pk>/guide/", library.guide_download, name="guide-download"),
    path("renderings/<key:pk>/", renderings.rendering_status, name="rendering-status"),
    path("renderings/<key:pk>/retry/", renderings.rendering_retry, name="rendering-retry"),
]
