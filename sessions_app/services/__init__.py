"""Writes of the sessions app."""
