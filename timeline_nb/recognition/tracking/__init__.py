"""Tracking: boxes in, the same boxes with track ids out.

`track` runs a tracker over the detections of a media: `bytetrack` or `ocsort`, both
with the filters of `kalman` and the assignment of `matching`. `paths` makes tables of
tracks, and interpolates boxes in their gaps.
"""
