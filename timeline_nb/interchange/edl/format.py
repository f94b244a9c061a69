"""EDL as a format of edits."""

from timeline_nb.interchange.edl.reading import read_edl as read
from timeline_nb.interchange.edl.writing import write_edl as write

__all__ = ["read", "write"]
