"""Sound: effects as readers that read from one another, and what can be measured.

`stream` tells what a reader is and runs libavfilter as one; `dynamics`, `tone` and
`space` hold the effects; `crossfades` the ways from one sound to the next; `loudness`
measures as EBU R 128 does.
"""
