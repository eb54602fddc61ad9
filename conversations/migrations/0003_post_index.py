"""Let posts be found by their words: GIN in PostgreSQL, FTS5 in SQLite."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from core.full_text import AsWords, WordsField, full_text_index
from core.markdown import plain

BATCH = 200


def index_what_is_there(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 -- Django's signature
    """Index the posts that are there already."""
    index = apps.get_model("conversations", "PostIndex")
    posts = apps.get_model("conversations", "Post").objects.filter(deleted_at__isnull=True)
    batch = []
    for post in posts.select_related("topic", "author").order_by("pk").iterator(BATCH):
        title = post.topic.title if post.number == 1 else ""
        words = AsWords(f"{title}\n{plain(post.body)}", post.author.language)
        batch.append(index(post_id=post.pk, words=words))
        if len(batch) == BATCH:
            index.objects.bulk_create(batch)
            batch = []
    index.objects.bulk_create(batch)


class Migration(migrations.Migration):
    """An index of posts."""

    dependencies = [("conversations", "0002_boards_of_what_is_there")]
    operations = [
        migrations.CreateModel(
            name="PostIndex",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="index",
                        serialize=False,
                        to="conversations.post",
                    ),
                ),
                ("words", WordsField(editable=False)),
            ],
            options={"verbose_name": "words of a post", "verbose_name_plural": "words of posts"},
        ),
        full_text_index("conversations", "PostIndex"),
        migrations.RunPython(index_what_is_there, migrations.RunPython.noop),
    ]
