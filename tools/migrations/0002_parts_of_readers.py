"""Which roles have a part of their own to fill in once a form was handed in, as a column that queries can ask."""

from types import SimpleNamespace

from django.db import migrations, models

from tools.fields.questions import roles_with_own_part


def fill(apps, schema_editor):
    for version in apps.get_model("tools", "ToolVersion").objects.all():
        content = version.content
        roles = roles_with_own_part(
            SimpleNamespace(
                one_per=version.one_per, filled_by=content.get("filled_by", []), fields=content.get("fields", [])
            )
        )
        for role in roles:
            setattr(version, f"part_by_{role}", True)
        version.save(update_fields=["part_by_manager", "part_by_mentor", "part_by_mentee"])


class Migration(migrations.Migration):
    dependencies = [("tools", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="toolversion",
            name="part_by_manager",
            field=models.BooleanField(default=False, verbose_name="Manager has a part of their own"),
        ),
        migrations.AddField(
            model_name="toolversion",
            name="part_by_mentor",
            field=models.BooleanField(default=False, verbose_name="Mentor has a part of their own"),
        ),
        migrations.AddField(
            model_name="toolversion",
            name="part_by_mentee",
            field=models.BooleanField(default=False, verbose_name="Mentee has a part of their own"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
