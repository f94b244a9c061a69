"""Media files: probed, indexed by frame, decoded to the exact frame and sample.

`MediaLibrary` is the door the upper floors come through; `_pyav` is where every
file is opened, and so where each is kept from reaching outside itself.
"""
