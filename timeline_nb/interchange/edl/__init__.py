"""EDL (CMX 3600): read as Avid, Premiere Pro, Resolve and others write it, and written.

`rows` reads the text, `placing` lays its events on tracks, `reading` makes an edit of
them; `events` turns an edit into events, and `writing` makes text of those.
"""
