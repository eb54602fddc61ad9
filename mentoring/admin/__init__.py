"""Organisations, programmes, groups, people, enrolments and invitations in the administration."""

from mentoring.admin import groups, invitations, organisations, people, programmes

__all__ = ["groups", "invitations", "organisations", "people", "programmes"]
