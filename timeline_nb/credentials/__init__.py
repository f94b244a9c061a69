"""Content credentials (C2PA): films that say who made them, how, and of what."""
