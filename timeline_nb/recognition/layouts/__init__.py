"""The output layouts of networks, and how each is decoded.

`choose` finds the layout from the shapes of a model's outputs; `readers` maps it to the
function that decodes it: `yolo` rows and columns, `grid` cells, `detr` queries,
`faces`. All return `candidates`.
"""
