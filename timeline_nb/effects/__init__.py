"""What an edit can look and sound like: effects, transitions, titles, by name.

`parameters` tells what each takes; `catalog` lists them all. Pictures are `Picture`s,
sound is arrays; every effect is one function of a picture (or of two, for a
transition) and its values, so that previews and renders cannot differ. Lengths are
shares of the picture's height, so that a small picture looks like a large one.
"""
