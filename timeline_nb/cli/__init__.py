"""The command line: `timeline-nb probe | scan | detect | edit | render | ...`.

Exit codes: 0 success; 1 an error, which stderr describes; 2 an unknown command or
option; 3 `scan` found files that it could not read, or `keys check` an invalid key;
4 `keys check` found a key that is limited, or of which nothing is known; 130
interrupted.
"""

from timeline_nb.cli.app import main

__all__ = ["main"]
