"""The media library: one door to every file, with what was learned of it cached."""
