"""Transitions: functions of two pictures and how far along the change is.

`wipes` say when each pixel turns, `moves` carry whole pictures about, `optics` change
their light; `run` applies easing and puts any of them to work.
"""
