"""Run `timeline-nb` as `python -m timeline_nb.cli`."""

from timeline_nb.cli.app import main

main()
