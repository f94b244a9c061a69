"""Segments: what a timeline shows, in chunks that are named by all that they show."""
