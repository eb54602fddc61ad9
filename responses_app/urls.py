"""Routes of forms."""

from django.urls import path

from responses_app import views

app_name = "responses"
urlpatterns = [
    path("groups/<key:pk>/forms/<slug:key>/", views.form_start, name="form-start"),
    path("forms/<key:pk>/", views.form_detail, name="form-detail"),
    path("forms/<key:pk>/edit/", views.form_edit, name="form-edit"),
    path("forms/<key:pk>/save/", views.form_save, name="form-save"),
    path("forms/<key:pk>/submit/", views.form_submit, name="form-submit"),
    path("forms/<key:pk>/fill-in/", views.form_fill_in, name="form-fill-in"),
    path("forms/<key:pk>/audience/", views.form_audience, name="form-audience"),
    path("forms/<key:pk>/reopen/", views.form_reopen, name="form-reopen"),
    path("forms/<key:pk>/discard/", views.form_discard, name="form-discard"),
    path("forms/<key:pk>/bring-back/", views.form_bring_back, name="form-bring-back"),
    path("forms/<key:pk>/accept/", views.form_accept, name="form-accept"),
    path("forms/<key:pk>/return/", views.form_return, name="form-return"),
    path("forms/<key:pk>/move/", views.form_move, name="form-move"),
    path("documents/<key:pk>/about/", views.document_about, name="document-about"),
    path("documents/versions/<key:pk>/copy/", views.copy_download, name="copy-download"),
    path("forms/<key:pk>/comment/", views.form_comment, name="form-comment"),
    path("forms/<key:pk>/comments/<key:comment>/remove/", views.comment_remove, name="comment-remove"),
    path("forms/<key:pk>/comments/<key:comment>/restore/", views.comment_restore, name="comment-restore"),
]
