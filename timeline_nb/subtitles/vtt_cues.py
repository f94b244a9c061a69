"""Lines of WebVTT cues, and what is kept to write them again."""

from typing import Any

from timeline_nb.subtitles.cue_style import rules_of
from timeline_nb.subtitles.cue_text import ParsedText, parse_text
from timeline_nb.subtitles.cues import Cue, Fault, checked_cue
from timeline_nb.subtitles.vtt_settings import place
from timeline_nb.subtitles.webvtt import VttCue, VttFile

__all__ = ["cue_of", "cues_of_file"]


def cues_of_file(found: VttFile) -> tuple[list[Cue], list[Fault], dict[str, Any]]:
    """The cues of a file in its order, what is odd, and what belongs to the whole."""
    rules = rules_of(found.sheets)
    cues: list[Cue] = []
    faults = [
        Fault(None, f"row {row}: it has an arrow and no two times, and is left out")
        for row in found.bad
    ]
    for cue in found.cues:
        told = parse_text(cue.text, rules=rules, name=cue.id)
        shown = checked_cue(cue_of(cue, told), cue.row, faults)
        if shown is None:
            continue
        if cue.settings.vertical:
            faults.append(
                Fault(shown, f"row {cue.row}: its vertical text is written across")
            )
        cues.append(shown)
    return cues, faults, {"webvtt": found.header} if found.header else {}


def cue_of(cue: VttCue, told: ParsedText) -> Cue:
    """A cue as a cue; what `title` has no words for is kept beside it."""
    kept: dict[str, Any] = {}
    if cue.id:
        kept["id"] = cue.id
    if cue.told:
        kept["settings"] = cue.told
    if told.voice:
        kept["voice"] = told.voice
    if "<" in cue.text:
        kept["text"] = cue.text
    if told.stamps:
        kept["words"] = [[at, str(time - cue.start)] for at, time in told.stamps]
    style = {**place(cue.settings), **told.style}
    metadata = {"webvtt": kept} if kept else {}
    return Cue(cue.start, cue.end, told.text, style, metadata)
