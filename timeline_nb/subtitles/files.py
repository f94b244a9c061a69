"""Subtitle files: SubRip, WebVTT, SSA and ASS, read and written with styles."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import MAX_SUBTITLE_ROWS, MAX_SUBTITLE_TAGS
from timeline_nb.core.written_files import written_files
from timeline_nb.errors import TimelineError
from timeline_nb.subtitles.cues import Cue, Fault, Subtitles
from timeline_nb.subtitles.encodings import read_text
from timeline_nb.subtitles.subrip import parse_subrip
from timeline_nb.subtitles.substation import parse_script
from timeline_nb.subtitles.vtt_cues import cues_of_file
from timeline_nb.subtitles.webvtt import parse_file
from timeline_nb.subtitles.write_ass import to_script
from timeline_nb.subtitles.write_srt import to_subrip
from timeline_nb.subtitles.write_vtt import to_webvtt

__all__ = ["FORMATS", "read_subtitles", "subtitle_data", "write_subtitles"]

FORMATS: Final = {".srt": "srt", ".vtt": "vtt", ".ass": "ass", ".ssa": "ssa"}
_MOST_FAULTS: Final = 1_000


def read_subtitles(path: Path, *, encoding: str | None = None) -> Subtitles:
    """Return the cues of a file in order of time, with faults of the file.

    Args:
        path: A `.srt`, `.vtt`, `.ass` or `.ssa` file.
        encoding: Such as `cp1251`; detected if None. WebVTT is always UTF-8.

    Raises:
        TimelineError: The file is missing, of another format, not text, or invalid.
    """
    kind = _kind(path)
    decoded = read_text(path, encoding=encoding, is_utf8=kind == "vtt")
    try:
        _check_size(decoded.text)
        cues, faults, metadata = _parsed(kind, decoded.text)
    except TimelineError as error:
        raise TimelineError(f"{path} cannot be read: {error}") from error
    if decoded.note:
        faults.insert(0, Fault(None, decoded.note))
    if not cues and decoded.text.strip() and not faults and kind == "srt":
        raise TimelineError(f"{path} cannot be read: it has no row with two times")
    if len(faults) > _MOST_FAULTS:
        more = len(faults) - _MOST_FAULTS
        faults[_MOST_FAULTS:] = [Fault(None, f"and {more:,} more of this kind")]
    ordered = sorted(cues, key=lambda cue: cue.start)
    named = [Fault(own.cue, f"{path.name}: {own.message}") for own in faults]
    return Subtitles(ordered, named, metadata)


def _kind(path: Path) -> str:
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise TimelineError(
            f"{path} is not a subtitle file: those are {', '.join(FORMATS)}"
        )
    return kind


def _check_size(text: str) -> None:
    """Refuse a text that would take minutes to parse, before it is."""
    rows = text.count("\n") + text.count("\r")
    if rows > MAX_SUBTITLE_ROWS.value:
        raise TimelineError(f"it has {rows:,} rows, {MAX_SUBTITLE_ROWS.excess}")
    tags = sum(map(text.count, "<{&"))
    if tags > MAX_SUBTITLE_TAGS.value:
        raise TimelineError(f"it has {tags:,} tags, {MAX_SUBTITLE_TAGS.excess}")


def _parsed(kind: str, text: str) -> tuple[list[Cue], list[Fault], dict[str, Any]]:
    if kind == "srt":
        return *parse_subrip(text), {}
    if kind == "vtt":
        found = parse_file(text)
        if found is None:
            raise TimelineError("row 1 is not 'WEBVTT', as the format asks")
        return cues_of_file(found)
    script = parse_script(text)
    if script is None:
        raise TimelineError("it has neither '[Script Info]' nor 'Dialogue:'")
    head, cues, faults = script
    return cues, faults, {"ass": head.text} if head.styles else {}


def write_subtitles(  # noqa: PLR0913 - what is written, how, and over what
    cues: Sequence[Cue],
    path: Path,
    *,
    size: tuple[int, int],
    base: dict[str, Any],
    metadata: dict[str, Any] | None = None,
    overwrite: bool = False,
) -> None:
    """Write cues to a file atomically, with the styles that its format supports.

    ASS and SSA count hundredths of a second, to which times are rounded. A cue that
    has not changed since it was read is written as it was.

    Args:
        cues: Cues in order of time.
        path: The file; its suffix selects the format.
        size: Width and height of the picture, in pixels.
        base: Style of cues without a style of their own.
        metadata: Metadata of the file, from `read_subtitles`.
        overwrite: Replace a file that was not written here.

    Raises:
        TimelineError: The format is unknown, another program's file is there, or the
            file cannot be written.
    """
    data = subtitle_data(cues, _kind(path), size=size, base=base, metadata=metadata)
    with file_errors(path, TimelineError):
        written_files().write(path, data, TimelineError, overwrite=overwrite)


def subtitle_data(
    cues: Sequence[Cue],
    kind: str,
    *,
    size: tuple[int, int],
    base: dict[str, Any],
    metadata: dict[str, Any] | None = None,
) -> bytes:
    """Return the content of a subtitle file, as `write_subtitles` writes it.

    Args:
        cues: Cues in order of time.
        kind: `srt`, `vtt`, `ass` or `ssa`.
        size: Width and height of the picture, in pixels.
        base: Style of cues without a style of their own.
        metadata: Metadata of the file, from `read_subtitles`.
    """
    kept = metadata or {}
    if kind == "srt":
        text = to_subrip(cues)
    elif kind == "vtt":
        text = to_webvtt(cues, kept.get("webvtt", []))
    else:
        header = kept.get("ass", "")
        text = to_script(cues, size, base, is_v4=kind == "ssa", header=header)
    return text.encode("utf-8", errors="replace")
