"""Detections as tables, and what tables tell: `df.tl` is the way in.

`columns` says what a detection table holds; `accessor` is `df.tl`; the other modules
do its work, each on plain tables. All are on the film's own clock: media seconds, and
exact where a cut may be made of them.
"""

from timeline_nb.recognition.tables.accessor import DetectionAccessor

__all__ = ["DetectionAccessor"]
