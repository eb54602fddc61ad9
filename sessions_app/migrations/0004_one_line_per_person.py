from typing import Any

from django.db import migrations


def keep_what_was_corrected(apps: Any, schema_editor: Any) -> None:
    """Turn who came and who was missed into lines; where nobody knows now, nobody is called absent by the newest."""
    corrections = apps.get_model("sessions_app", "AttendanceCorrection")
    lines = apps.get_model("sessions_app", "CorrectedAttendance")
    told: set[int] = set()
    for correction in corrections.objects.select_related("session").order_by("-corrected_at", "-pk"):
        is_newest = correction.session_id not in told
        told.add(correction.session_id)
        correction.is_unknown = is_newest and correction.session.is_attendance_unknown
        correction.save(update_fields=["is_unknown"])
        is_present = None if correction.is_unknown else False
        for person in correction.came.all():
            lines.objects.create(correction=correction, person=person, was_present=False, is_present=True)
        for person in correction.missed.all():
            lines.objects.create(correction=correction, person=person, was_present=True, is_present=is_present)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0003_what_was_said_before")]

    operations = [
        migrations.RunPython(keep_what_was_corrected, migrations.RunPython.noop),
        migrations.RemoveField(model_name="attendancecorrection", name="came"),
        migrations.RemoveField(model_name="attendancecorrection", name="missed"),
    ]
