"""Versions of a project: under git, and named ones that are kept with the edit."""
