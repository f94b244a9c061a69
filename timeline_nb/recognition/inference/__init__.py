"""From frames to boxes: `prepare` before the network, `detector` around it.

`session` runs the network on the provider that `providers` chose; `device` prepares
frames on the GPU; `nms`, `masks` and `windows` come after the layouts.
"""
