"""Project files: a timeline as text that diffs well, validated when it is read."""
