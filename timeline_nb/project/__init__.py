"""The project file: a timeline as text that diffs well, read back without trust."""
