"""Multicam: cameras brought into step, switched between, and shown side by side.

`sync` finds offset and clock drift from sound; `layouts` makes split screens of a few
rules, for any number of pictures and any aspect; `switch` makes a cut of angles.
"""
