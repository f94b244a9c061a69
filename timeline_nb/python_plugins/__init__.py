"""Plugins that are Python packages: enabled by a person, they run with full rights."""
