"""Titles: text drawn as pictures, with styles, animations and templates as data.

`fonts` finds faces and missing letters, `line_breaking` breaks lines, `raster`
draws it; `animations`, `styles` and `templates` are ready-made designs.
"""
