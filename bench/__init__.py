"""`make bench`: what the platform costs, measured through its own front door. See docs/benchmarks.md."""
