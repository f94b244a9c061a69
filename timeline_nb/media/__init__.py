"""Media files: probed, indexed by frame, decoded to the exact frame and sample.

`MediaLibrary` is what other packages use; `_pyav` and `_pillow` open all
files, and keep them from reaching outside themselves.
"""
