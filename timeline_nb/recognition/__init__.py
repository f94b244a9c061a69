"""Recognition: frames in, arrays out. Nothing here opens a media file.

`detector` runs a model that `manifest` describes on a provider that `providers` chose;
`letterbox`, `layouts` and `nms` stand before and behind it. `detections` holds what was
found; `tables` makes ranges of film from its rows; `store` keeps it on disk.
"""
