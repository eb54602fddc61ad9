"""Routes of uploads."""

from django.urls import path

from uploads import views

app_name = "uploads"
urlpatterns = [
    path("groups/<int:pk>/upload/", views.upload_create, name="upload-create"),
    path("uploads/<int:pk>/", views.upload_edit, name="upload-edit"),
    path("uploads/<int:pk>/pages/", views.upload_page_add, name="upload-page-add"),
    path("uploads/<int:pk>/describe/", views.upload_describe, name="upload-describe"),
    path("uploads/<int:pk>/file/", views.upload_file, name="upload-file"),
    path("uploads/<int:pk>/cancel/", views.upload_cancel, name="upload-cancel"),
    path("uploads/<int:pk>/reopen/", views.upload_reopen, name="upload-reopen"),
    path("uploads/<int:pk>/result/", views.upload_detail, name="upload-detail"),
    path("uploads/pages/<int:pk>/move/", views.upload_page_move, name="upload-page-move"),
    path("uploads/pages/<int:pk>/rotate/", views.upload_page_rotate, name="upload-page-rotate"),
    path("uploads/pages/<int:pk>/remove/", views.upload_page_remove, name="upload-page-remove"),
    path("uploads/pages/<int:pk>/restore/", views.upload_page_restore, name="upload-page-restore"),
    path("uploads/pages/<int:pk>/preview/", views.upload_page_preview, name="upload-page-preview"),
    path("originals/<int:pk>/download/", views.original_download, name="original-download"),
]
