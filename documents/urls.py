"""Routes of folders and documents."""

from django.urls import path

from documents.views import checks, documents, downloads, folder_rights, folders

app_name = "documents"
urlpatterns = [
    path("papers/<key:pk>/download/", downloads.version_download, name="version-download"),
    path("check/", checks.document_check, name="document-check"),
    path("folders/<key:pk>/", folders.folder_detail, name="folder-detail"),
    path("folders/<key:pk>/rights/", folder_rights.folder_rights, name="folder-rights"),
    path("folders/<key:pk>/rights/<key:member>/", folder_rights.folder_seen_as, name="folder-seen-as"),
    path("restrictions/<key:pk>/lift/", folder_rights.restriction_lift, name="restriction-lift"),
    path("documents/<key:pk>/", documents.document_detail, name="document-detail"),
    path("documents/<key:pk>/remove/", documents.document_remove, name="document-remove"),
    path("documents/<key:pk>/signatures/", documents.document_signatures, name="document-signatures"),
    path("documents/<key:pk>/restore/", documents.document_restore, name="document-restore"),
    path("documents/<key:pk>/take-back/", documents.version_take_back, name="version-take-back"),
    path("documents/<key:pk>/bring-back/<key:number>/", documents.version_bring_back, name="version-bring-back"),
]
