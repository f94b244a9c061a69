"""Sound effects, as readers that read from one another.

`readers` defines readers and runs libavfilter as one; `dynamics`, `tone` and `space`
hold the effects; `crossfades` the curves of crossfades; `time_stretch` changes speed;
`loudness` measures as EBU R 128 does.
"""
