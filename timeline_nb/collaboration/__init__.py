"""Journals of unsaved edits, and projects that several people have open."""
