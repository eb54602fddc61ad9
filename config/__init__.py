"""Settings, root URLs, entry points: imports everyone, imported by no one."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
