"""The command line: `timeline-nb probe | scan | detect | edit | render | ...`.

Exit codes: 0 success; 1 an error, which stderr describes; 2 an unknown command or
option; 3 `scan` found files that it could not read; 130 interrupted.
"""

from timeline_nb.cli.app import main

__all__ = ["main"]
