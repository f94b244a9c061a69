"""Tracking: boxes in, the same boxes with track ids out.

`track` goes through a film's detections with a tracker: `bytetrack` or `ocsort`, both
over the filters of `kalman` and the matching of `matching`. `paths` tells what tracks
did, and fills their gaps.
"""
