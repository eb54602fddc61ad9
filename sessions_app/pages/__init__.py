"""What the pages show, put together from querysets; nothing here writes."""
