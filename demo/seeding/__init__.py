"""A world with known people, groups and confidential words: for black-box tests and the benchmark.

Groups are opened through the services; what has been written and filed in them comes in bulk, as the same rows.
"""
