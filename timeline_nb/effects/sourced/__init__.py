"""Effects on source frames, found by the frames' identity whatever the cut does.

Their parameters hold what was found in the media: boxes to hide, a path to follow, or
measured shake. They run before all other effects of a clip. `geometry` converts boxes
to coded pixels, `parameters` checks parameters, `planes` makes planes writable.
"""
