"""What changed from one timeline to another, as a person says it.

`matching` finds the same track, clip or marker in both, `timelines` walks through what
was found, `items`, `effects` and `marks` name the changes, `drawing` draws them.
"""
