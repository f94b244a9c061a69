"""Subtitles: files read and written, looks kept, faults found.

`files` knows SubRip, WebVTT and (Advanced) SubStation Alpha, `encodings` the text of a
file that does not say how it was written; `rich` puts plain text and looks together;
`embedded` reads what media carry; `track` turns lines into items of tracks and back,
and finds what cannot be read in time.
"""
