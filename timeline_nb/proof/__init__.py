"""Films that can be proved: locks, and edits that travel with their media."""
