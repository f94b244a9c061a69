"""Transitions: functions of two pictures and the progress of the change, 0 to 1.

`wipes` reveal the incoming picture pixel by pixel, `moves` move whole pictures,
`optics` fade them with light and blur; `run` applies easing.
"""
