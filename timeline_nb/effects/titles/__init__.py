"""Titles: text made pictures, with styles, animations and templates as data.

`fonts` finds faces and what they lack, `lines` breaks and shapes text, `raster` paints
it; `styles` and `templates` are looks to begin with.
"""
