"""MLT XML: the edits of melt, Shotcut, Flowblade and Kdenlive.

`writing` writes an edit, with its tracks by `tracks_out`, what clips show by
`sources_out` and how by `filters_out`; `clock` and `curves` are times and keyframes.
`reading` reads one, with its services by `tree`, its tracks by `shots` and `tracks_in`,
`sources_in` and `filters_in`. `notes` are what MLT has no place for.
"""

from timeline_nb.interchange.mlt.reading import read
from timeline_nb.interchange.mlt.writing import write

__all__ = ["read", "write"]
