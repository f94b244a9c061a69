"""Segments: what a timeline shows, in pieces that are named by all that they show."""
