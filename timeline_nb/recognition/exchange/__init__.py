"""Detections in the formats of other tools: read from them, and written to them.

`coco` (JSON), `cvat` (XML), `mot` and `yolo` (text), `files` (CSV and Parquet), and
`peers` (`supervision`).
"""
