"""Pages that show an edit without a kernel or a network."""
