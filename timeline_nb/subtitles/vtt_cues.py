"""Conversion of WebVTT cues to cues, with what is needed to write them again."""

from typing import Any

from timeline_nb.subtitles.cue_style import style_sheet
from timeline_nb.subtitles.cue_text import ParsedText, parse_text
from timeline_nb.subtitles.cues import Cue, Fault, checked_cue
from timeline_nb.subtitles.vtt_settings import place
from timeline_nb.subtitles.webvtt import VttCue, VttFile

__all__ = ["cue_of", "cues_of_file"]


def cues_of_file(found: VttFile) -> tuple[list[Cue], list[Fault], dict[str, Any]]:
    """Return the cues of a file in its order, its faults, and its metadata."""
    sheet = style_sheet(found.style_sheets)
    cues: list[Cue] = []
    faults = [
        Fault(None, f"row {row}: it has an arrow and no two times, and is left out")
        for row in found.invalid_rows
    ]
    for cue in found.cues:
        parsed = parse_text(cue.text, sheet=sheet, name=cue.id)
        shown = checked_cue(cue_of(cue, parsed), cue.row, faults)
        if shown is None:
            continue
        if cue.settings.vertical:
            faults.append(
                Fault(shown, f"row {cue.row}: its vertical text is shown horizontally")
            )
        cues.append(shown)
    return cues, faults, {"webvtt": found.header} if found.header else {}


def cue_of(cue: VttCue, parsed: ParsedText) -> Cue:
    """Return a WebVTT cue as a cue; what `title` cannot express is kept as metadata."""
    kept: dict[str, Any] = {}
    if cue.id:
        kept["id"] = cue.id
    if cue.settings_text:
        kept["settings"] = cue.settings_text
    if parsed.voice:
        kept["voice"] = parsed.voice
    if "<" in cue.text:
        kept["text"] = cue.text
    if parsed.stamps:
        kept["words"] = [[at, str(time - cue.start)] for at, time in parsed.stamps]
    style = {**place(cue.settings), **parsed.style}
    metadata = {"webvtt": kept} if kept else {}
    return Cue(cue.start, cue.end, parsed.text, style, metadata)
