"""Routes of forms."""

from django.urls import path

from responses_app import views

app_name = "responses"
urlpatterns = [
    path("groups/<int:pk>/forms/<slug:key>/", views.form_start, name="form-start"),
    path("forms/<int:pk>/", views.form_detail, name="form-detail"),
    path("forms/<int:pk>/edit/", views.form_edit, name="form-edit"),
    path("forms/<int:pk>/save/", views.form_save, name="form-save"),
    path("forms/<int:pk>/submit/", views.form_submit, name="form-submit"),
    path("forms/<int:pk>/audience/", views.form_audience, name="form-audience"),
    path("forms/<int:pk>/reopen/", views.form_reopen, name="form-reopen"),
    path("forms/<int:pk>/accept/", views.form_accept, name="form-accept"),
    path("forms/<int:pk>/return/", views.form_return, name="form-return"),
    path("forms/<int:pk>/comment/", views.form_comment, name="form-comment"),
    path("forms/<int:pk>/comments/<int:comment>/remove/", views.comment_remove, name="comment-remove"),
    path("forms/<int:pk>/comments/<int:comment>/restore/", views.comment_restore, name="comment-restore"),
]
