"""From frames to boxes: `prepare` before the network, `detector` around it.

`session` runs the network on what `providers` chose; `device` prepares pictures on the
GPU; `nms`, `masks` and `merge` come after the layouts.
"""
