"""Detections as tables, and what is computed from them: `df.tl` is the way in.

`columns` says what a detection table holds; `accessor` is `df.tl`; the other modules
do its work, each on plain tables. All times are media time, exact where a cut may be
made of them.
"""
