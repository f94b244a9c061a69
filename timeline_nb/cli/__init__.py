"""The command line: `timeline-nb probe | scan | detect | render | cache | doctor`.

Exit codes: 0 all went well; 1 it could not be done, and stderr says why; 2 the
command was misspelt; 3 `scan` found files it could not read; 130 interrupted.
"""

from timeline_nb.cli.app import main

__all__ = ["main"]
