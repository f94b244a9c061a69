"""Multicam: synchronize cameras, switch between them, and show them side by side.

`sync` finds offset and clock drift from sound; `layouts` computes split screens for any
number of pictures and any aspect; `switch` makes clips of the switched angles.
"""
