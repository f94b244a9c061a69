"""MLT XML: the edits of melt, Shotcut and Flowblade.

`writing` writes an edit, with its tracks by `tracks_out`, what clips show by
`sources_out` and how by `filters_out`; `clock` and `curves` are times and keyframes.
"""

from timeline_nb.interchange.mlt.writing import write

__all__ = ["write"]
