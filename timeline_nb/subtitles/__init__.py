"""Subtitles: files read and written, looks kept, faults found.

`files` knows SubRip, WebVTT and (Advanced) SubStation Alpha through pysubs2; `track`
turns lines into items of a track and back, and finds what cannot be read in time.
"""
