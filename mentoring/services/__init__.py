"""Writes of the mentoring app."""
