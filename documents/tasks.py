"""Thin tasks of the documents app."""

import logging

from celery import shared_task

from documents import grants
from documents.services import files

logger = logging.getLogger(__name__)


@shared_task(name="documents.sweep_files")
def sweep_files() -> None:
    """Remove files that no row knows."""
    files.sweep()


@shared_task(name="documents.sync_grants")
def sync_grants() -> None:
    """Make the stored grants equal to the policy; anything to repair is worth a look."""
    if changes := grants.sync_all():
        logger.warning("sync_grants repaired %s grants or memberships of role groups", changes)
