"""Lets `python -m timeline_nb.cli` stand in for `timeline-nb`."""

from timeline_nb.cli.app import main

main()
