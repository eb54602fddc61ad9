"""Checking what people send: by content, never by name or header, in a process of its own with hard limits.

`receiving.receive(file)` is the door; `child` runs in the other process and imports no Django.
"""
