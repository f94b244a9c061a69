"""Traces, metrics, slow operations and health: what the program does, and how long.

`spans.py` times operations and their stages; a job keeps them, and `trace.py` shows
them. `metrics.py` counts. `export.py`, which alone loads OpenTelemetry, sends both to
where a person set it, and nothing else: attributes are numbers, and words of
`words.py`.
"""
