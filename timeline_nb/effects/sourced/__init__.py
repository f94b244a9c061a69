"""Effects that know each source frame by its identity, whatever the cut does.

What they hide, follow or steady was found in the film itself, so they come before all
other effects of a clip. `geometry` knows places in a coded picture, `paths` checks what
is told of each frame, `planes` opens a picture to be written.
"""
