"""The settings for tests: the real ones, with a place of their own, eager tasks and quick passwords.

DATABASE_URL, REDIS_URL and STORAGE_URL are honoured, so that the same suite runs on the services of production; each
process of a parallel run has its own part of them.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")  # main, gw0, gw1, …
if not (_base := os.environ.get("OPEN_MENTORING_VAR")):
    _base = tempfile.mkdtemp(prefix="open-mentoring-tests-")
    atexit.register(shutil.rmtree, _base, ignore_errors=True)
os.environ["OPEN_MENTORING_VAR"] = str(Path(_base) / _worker)
if (_redis := os.environ.get("REDIS_URL")) and _worker != "main":
    os.environ["REDIS_URL"] = re.sub(r"/0$", f"/{int(_worker[2:]) + 1}", _redis)
if _storage_url := os.environ.get("STORAGE_URL"):
    # A folder of the bucket, told to the programs that tests start as well.
    os.environ["STORAGE_URL"] = re.sub(r"^(s3://[^/]+/[^/?]+)[^?]*", rf"\1/{_worker}", _storage_url)
Path(os.environ["OPEN_MENTORING_VAR"], "static").mkdir(parents=True, exist_ok=True)
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("DATABASE_POOL", "off")  # a pool holds connections to the test database, which is dropped

from config.settings import *  # noqa: E402 - after the environment is set

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# A file, not memory: the live server's threads and started programs read it too.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
if "REDIS_URL" not in os.environ:
    LIVE_REDIS_URL = ""
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
