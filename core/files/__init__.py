"""Files of unknown people: what kind they are, and pictures decoded in child processes with hard limits."""
