"""Cues of a subtitle stream of a media file."""

from typing import Final

from timeline_nb.media.subtitle_packets import SubtitlePackets
from timeline_nb.subtitles.cues import Cue, Fault, Subtitles, checked_cue
from timeline_nb.subtitles.subrip import parse_markup
from timeline_nb.subtitles.substation import event_cue, parse_header

__all__ = ["cues_of_texts"]

_COLUMNS: Final = (
    *("order", "layer", "style", "name"),
    *("marginl", "marginr", "marginv", "effect", "text"),
)


def cues_of_texts(texts: SubtitlePackets) -> Subtitles:
    """Return a stream's cues in order of time, with the styles of an ASS header."""
    script = parse_header(texts.header.splitlines()) if texts.header else None
    cues: list[Cue] = []
    faults: list[Fault] = []
    for number, (start, end, fields) in enumerate(texts.events, 1):
        event = dict(zip(_COLUMNS, fields, strict=True))
        if script is None:
            text, style = parse_markup(event["text"])
            cue = Cue(start, end, text, style)
        else:
            cue = event_cue(start, end, event, script)
        shown = checked_cue(cue, number, faults)
        if shown is not None:
            cues.append(shown)
    metadata = {"language": texts.language} if texts.language else {}
    if script and script.styles:
        metadata["ass"] = script.text
    return Subtitles(sorted(cues, key=lambda cue: cue.start), faults, metadata)
