"""Secrets of people: kept in a vault, checked, and used without being shown."""
