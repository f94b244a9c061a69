"""Edits as other programs write and read them, with a report of what was lost."""
