"""What a cell holds: media, what was found in them, and edits, with their pictures."""
