"""Marker lists of other programs: read by what is in them, written by name."""
