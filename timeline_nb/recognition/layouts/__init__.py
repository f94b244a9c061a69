"""How networks lay out what they found, and how each layout is read.

`choose` tells a layout from the shapes of a model's outputs; `readers` finds the
function that reads it: `yolo` rows and columns, `grid` cells, `detr` queries, `faces`.
`candidates` is what they all give.
"""
