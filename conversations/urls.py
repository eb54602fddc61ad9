"""Routes of the forum."""

from django.urls import path

from conversations.views import attachments, boards, drafts, posts, topics

app_name = "conversations"

# --- boards
urlpatterns = [
    path("forum/", boards.board_list, name="board-list"),
    path("groups/<key:pk>/forum/", boards.group_board, name="group-board"),
    path("boards/<key:pk>/", boards.board_detail, name="board-detail"),
    path("boards/<key:pk>/read/", boards.board_read, name="board-read"),
    path("boards/<key:pk>/follow/", boards.board_follow, name="board-follow"),
    path("boards/<key:pk>/people/", boards.person_list, name="person-list"),
    path("boards/<key:pk>/topics/new/", topics.topic_create, name="topic-create"),
    path("boards/<key:pk>/draft/", drafts.board_draft, name="board-draft"),
    path("boards/<key:pk>/attach/", attachments.board_attach, name="board-attach"),
    path("boards/<key:pk>/preview/", drafts.post_preview, name="post-preview"),
]

# --- topics
urlpatterns += [
    path("topics/<key:pk>/", topics.topic_detail, name="topic-detail"),
    path("topics/<key:pk>/new/", topics.topic_new, name="topic-new"),
    path("topics/<key:pk>/posts/new/", topics.post_create, name="post-create"),
    path("topics/<key:pk>/draft/", drafts.topic_draft, name="topic-draft"),
    path("topics/<key:pk>/attach/", attachments.topic_attach, name="topic-attach"),
    path("topics/<key:pk>/preview/", drafts.answer_preview, name="answer-preview"),
    path("topics/<key:pk>/follow/", topics.topic_follow, name="topic-follow"),
    path("topics/<key:pk>/pin/", topics.topic_pin, name="topic-pin"),
    path("topics/<key:pk>/lock/", topics.topic_lock, name="topic-lock"),
    path("topics/<key:pk>/confirm/", topics.topic_confirm, name="topic-confirm"),
    path("topics/<key:pk>/confirmations/", topics.topic_confirmations, name="topic-confirmations"),
]

# --- posts
urlpatterns += [
    path("posts/<key:pk>/", posts.post_detail, name="post-detail"),
    path("posts/<key:pk>/edit/", posts.post_edit, name="post-edit"),
    path("posts/<key:pk>/history/", posts.post_history, name="post-history"),
    path("posts/<key:pk>/delete/", posts.post_delete, name="post-delete"),
    path("posts/<key:pk>/restore/", posts.post_restore, name="post-restore"),
    path("posts/<key:pk>/react/", posts.post_react, name="post-react"),
]

# --- files of posts
urlpatterns += [
    path("posts/<key:pk>/file/", attachments.post_file, name="post-file"),
    path("attachments/<key:pk>/download/", attachments.attachment_download, name="attachment-download"),
    path("attachments/<key:pk>/preview/", attachments.attachment_page_preview, name="attachment-page-preview"),
    path("attachments/<key:pk>/remove/", attachments.attachment_remove, name="attachment-remove"),
]
