"""Subtitle files, and subtitle tracks as cues with times.

`files` reads and writes SubRip, WebVTT and (Advanced) SubStation Alpha; `encodings`
detects text encodings; `cues` defines cues; `styled_text` builds text with spans;
`embedded` reads subtitle streams of media; `track` converts cues to items of tracks
and checks their readability.
"""
