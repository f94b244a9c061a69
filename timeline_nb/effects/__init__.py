"""Effects, transitions, sound effects, generators and titles, by name.

`catalog` lists all of them, `parameters` declares what each takes. An effect is one
function of a `Picture` (a transition: of two) or of a sound reader, and of its values,
so that previews and renders agree. Lengths are shares of the picture's height, so that
a small picture looks like a large one.
"""
