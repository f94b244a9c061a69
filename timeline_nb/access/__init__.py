"""Which files may be read and written, and how they are opened."""
