import os, json
from tests.notices.test_week_of_mails import *
from tests.notices.test_week_of_mails import run_week
from notices.models import *
from tests.notices.conftest import quiet
def test_dump(quiet, settings):
    settings.SITE_URL = "https://mentoring.example.org"
    os.makedirs("/tmp/wtCmails", exist_ok=True)
    for i, mail in enumerate(run_week(quiet)):
        name = f"/tmp/wtCmails/{i:02d}_{mail['To'].split('@')[0]}"
        open(name+".html","w").write(mail.get_body(["html"]).get_content())
        open(name+".txt","w").write(mail["Subject"]+"\n\n"+mail.get_body(["plain"]).get_content())
