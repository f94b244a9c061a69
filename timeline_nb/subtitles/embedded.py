"""Lines of a stream of text inside a medium."""

from typing import Final

from timeline_nb.media.subtitle_packets import SubtitlePackets
from timeline_nb.subtitles.lines import Cue, Fault, Subtitles, timed
from timeline_nb.subtitles.subrip import rich_of
from timeline_nb.subtitles.substation import event_line, parse_header

__all__ = ["lines_of_texts"]

_COLUMNS: Final = (
    *("order", "layer", "style", "name"),
    *("marginl", "marginr", "marginv", "effect", "text"),
)


def lines_of_texts(texts: SubtitlePackets) -> Subtitles:
    """A stream's lines in order of time; looks of ASS are those of its header."""
    script = parse_header(texts.header.splitlines()) if texts.header else None
    lines: list[Cue] = []
    faults: list[Fault] = []
    for number, (start, end, fields) in enumerate(texts.events, 1):
        told = dict(zip(_COLUMNS, fields, strict=True))
        if script is None:
            text, style = rich_of(told["text"])
            line = Cue(start, end, text, style)
        else:
            line = event_line(start, end, told, script)
        shown = timed(line, number, faults)
        if shown is not None:
            lines.append(shown)
    metadata = {"language": texts.language} if texts.language else {}
    if script and script.styles:
        metadata["ass"] = script.text
    return Subtitles(sorted(lines, key=lambda line: line.start), faults, metadata)
