"""Notebooks executed without a browser, with parameters: one, or one for each film."""
