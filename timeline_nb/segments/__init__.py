"""Segments: chunks of a film, cached under a digest of all that they show."""
