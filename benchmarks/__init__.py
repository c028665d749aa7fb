"""What the program costs, against named peers or fixed limits that are measured in the same run.

``python -m benchmarks`` runs all; ``python -m benchmarks.upload`` and so on runs one. Each prints its goals with what
was measured beside them, and exits with 1 where a goal is missed.

The law: CPU time is that of the whole tree of processes, orphans included, user and system together; what is compared
runs by turns, so that a busy machine slows all alike; medians are given, with how often they were taken.
"""
