"""What the app does: telling, sending, marking as seen, choosing."""
