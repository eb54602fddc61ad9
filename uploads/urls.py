"""Routes of uploads."""

from django.urls import path

from uploads import views

app_name = "uploads"
urlpatterns = [
    path("groups/<key:pk>/upload/", views.upload_create, name="upload-create"),
    path("uploads/<key:pk>/", views.upload_edit, name="upload-edit"),
    path("uploads/<key:pk>/pages/", views.upload_page_add, name="upload-page-add"),
    path("uploads/<key:pk>/describe/", views.upload_describe, name="upload-describe"),
    path("uploads/<key:pk>/file/", views.upload_file, name="upload-file"),
    path("uploads/<key:pk>/cancel/", views.upload_cancel, name="upload-cancel"),
    path("uploads/<key:pk>/reopen/", views.upload_reopen, name="upload-reopen"),
    path("uploads/<key:pk>/result/", views.upload_detail, name="upload-detail"),
    path("uploads/pages/<key:pk>/move/", views.upload_page_move, name="upload-page-move"),
    path("uploads/pages/<key:pk>/rotate/", views.upload_page_rotate, name="upload-page-rotate"),
    path("uploads/pages/<key:pk>/remove/", views.upload_page_remove, name="upload-page-remove"),
    path("uploads/pages/<key:pk>/restore/", views.upload_page_restore, name="upload-page-restore"),
    path("uploads/pages/<key:pk>/preview/", views.upload_page_preview, name="upload-page-preview"),
    path("originals/<key:pk>/download/", views.original_download, name="original-download"),
]
