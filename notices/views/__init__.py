"""What the pages of the notices answer."""
