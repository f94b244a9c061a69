"""A lock: all that a film was made of, by content, as text with one fact a line.

Keys are sorted, and no path of the machine is part of a fact: two locks of equal films
made of equal files are equal, and others differ in the lines of what differs.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from timeline_nb.access.use import open_file
from timeline_nb.core.audio_choice import AudioChoice
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.structs import fault_of, to_builtins
from timeline_nb.errors import ProjectError

__all__ = [
    "FORMAT",
    "SUFFIX",
    "DecodedFact",
    "FileFact",
    "FileKind",
    "FilmFact",
    "Lock",
    "NotebookFact",
    "SegmentFact",
    "StreamFact",
    "lock_text",
    "read_lock",
]

FORMAT: Final = "timeline_nb.lock"
SUFFIX: Final = ".lock"
# Of an edit with 100,000 clips.
_MOST_BYTES: Final = 200_000_000
_INDENT: Final = "  "
# What these lists hold is written with one element a line.
_ONE_A_LINE: Final = {"items", "markers", "effects", "plan", "decoded"}

FileKind = Literal["media", "file", "font", "subtitles", "detections", "model"]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Word = Annotated[str, Meta(max_length=4096)]
Facts = Annotated[dict[Word, Word], Meta(max_length=10_000)]
_MOST_SPANS: Final = 100_000
_HIGHEST_RATE_HZ: Final = 1_000_000
# A number of a picture or a sample: 6,000 years of sound.
_Place = Annotated[int, Meta(ge=0, le=1 << 53)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a lock: frozen, refusing unknown fields."""


class StreamFact(_Part, frozen=True, kw_only=True):
    """A stream of the film.

    Args:
        kind: `video`, `audio` or `subtitle`.
        packets: SHA-256 of its packets, whatever the container says of them.
        decoded: SHA-256 of its pictures or samples; empty of what is not decoded.
        count: Of pictures, or of samples.
    """

    kind: Word
    packets: Sha256
    decoded: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")]
    count: int


class FilmFact(_Part, frozen=True, kw_only=True):
    """The film, as it was before anything signed it.

    Args:
        name: Of the file, which lies beside the lock.
        bytes: Its size.
        sha256: Of the whole file.
        streams: Of it.
        start: The edit's second at which it begins; the edit's start if empty.
        end: The edit's second at which it ends; the edit's end if empty.
    """

    name: Word
    bytes: int
    sha256: Sha256
    streams: Annotated[tuple[StreamFact, ...], Meta(max_length=1000)]
    start: Word = ""
    end: Word = ""


class FileFact(_Part, frozen=True, kw_only=True):
    """A file that the film was made of.

    Args:
        what: `media`, `file` (of an effect), `font`, `subtitles`, `detections`, or
            `model`.
        name: The name of the file, the sequence or the model.
        path: Where it lies: from the lock's folder on, or absolute; empty of what is
            found by name.
        bytes: Its size; 0 where it is not known.
        sha256: Of the whole file.
        options: What else its result depends on.
    """

    what: FileKind
    name: Word
    path: Word = ""
    bytes: int = 0
    sha256: Sha256
    options: Facts = {}


class DecodedFact(_Part, frozen=True, kw_only=True):
    """What a film uses of a medium, decoded.

    Args:
        file: Its number among the lock's files, from 1.
        kind: `video` for the pictures as they are coded, or `audio`.
        spans: The first picture or sample of each stretch, and how many there are:
            rising, none overlapping.
        streams: Which streams are heard, as a clip says it.
        rate_hz: Samples a second; 0 of pictures.
        layout: The channels of the sound; empty of pictures.
        count: How many of them decode.
        sha256: Of the pictures, plane by plane without padding; of the sound, as
            interleaved floats of 32 bits.
    """

    file: Annotated[int, Meta(ge=1)]
    kind: Literal["video", "audio"]
    spans: Annotated[
        tuple[tuple[_Place, _Place], ...], Meta(max_length=_MOST_SPANS)
    ] = ()
    streams: AudioChoice = "default"
    rate_hz: Annotated[int, Meta(ge=0, le=_HIGHEST_RATE_HZ)] = 0
    layout: Word = ""
    count: _Place = 0
    sha256: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""


class SegmentFact(_Part, frozen=True, kw_only=True):
    """A segment of the film: frames that are made together.

    Args:
        first: Its first frame.
        last: The frame after its last.
        action: `copy` of packets of media, or `encode`.
        key: Digest of all that it shows, and of how it is encoded; empty of what a
            digest does not say.
    """

    first: int
    last: int
    action: Literal["copy", "encode"]
    key: Word = ""


class NotebookFact(_Part, frozen=True, kw_only=True):
    """The notebook whose run rendered the film.

    Args:
        name: Of the file.
        sha256: Of the sources of its cells.
        parameters: That were given to it, as JSON.
    """

    name: Word
    sha256: Sha256
    parameters: Facts = {}


class Lock(_Part, frozen=True, kw_only=True):
    """All that a film was made of.

    Args:
        format: What the file is.
        version: Of the format.
        film: The film.
        edit: The edit, as a project file has it: its media are named by their numbers
            among `files`, from 1.
        timeline: SHA-256 of that edit.
        project: The project that was rendered, from the lock's folder on; empty of an
            edit without a file.
        files: What it was made of: those that the edit names come first.
        decoded: What it uses of its media, decoded; only where that was asked for.
        effects: Digests of the code of a person's own effects and of plugins', by kind.
        plugins: The version and digest of each plugin, by id.
        profile: The profile, and the encoders with all options.
        plan: The segments of the film; none of sound alone.
        code: The version of this package, and the SHA-256 of its files.
        packages: Versions of the packages that make pictures and sound, by name.
        libraries: Versions of FFmpeg's libraries and of encoders, by name.
        machine: Python, system, processor: for the record, they do not decide.
        notebook: The notebook that rendered it; None without.
    """

    format: Literal["timeline_nb.lock"] = FORMAT
    version: Literal[1] = 1
    film: FilmFact
    edit: msgspec.Raw
    timeline: Sha256
    project: Word = ""
    files: Annotated[tuple[FileFact, ...], Meta(max_length=100_000)] = ()
    decoded: Annotated[tuple[DecodedFact, ...], Meta(max_length=100_000)] = ()
    effects: Facts = {}
    plugins: Facts = {}
    profile: Facts = {}
    plan: Annotated[tuple[SegmentFact, ...], Meta(max_length=1_000_000)] = ()
    code: Facts = {}
    packages: Facts = {}
    libraries: Facts = {}
    machine: Facts = {}
    notebook: NotebookFact | None = None


def lock_text(lock: Lock) -> str:
    """Return a lock as text: sorted keys, one fact a line."""
    whole = {
        name: to_builtins(getattr(lock, name))
        for name in lock.__struct_fields__
        if name != "edit"
    }
    whole["edit"] = json.loads(bytes(lock.edit))
    return "".join(_lines(whole, "")) + "\n"


def _lines(value: Any, indent: str, *, is_flat: bool = False) -> Iterator[str]:
    inner = indent + _INDENT
    if isinstance(value, dict) and value and not is_flat:
        yield "{"
        for number, name in enumerate(sorted(value)):
            yield f"{',' if number else ''}\n{inner}{_flat(name)}: "
            part = value[name]
            if name in _ONE_A_LINE and isinstance(part, list) and part:
                yield from _elements(part, inner, is_flat=True)
            else:
                yield from _lines(part, inner)
        yield f"\n{indent}}}"
    elif isinstance(value, list | tuple) and any(isinstance(v, dict) for v in value):
        yield from _elements(value, indent, is_flat=is_flat)
    else:
        yield _flat(value)


def _elements(values: Sequence[Any], indent: str, *, is_flat: bool) -> Iterator[str]:
    inner = indent + _INDENT
    yield "["
    for number, value in enumerate(values):
        yield f"{',' if number else ''}\n{inner}"
        yield from [_flat(value)] if is_flat else _lines(value, inner)
    yield f"\n{indent}]"


def _flat(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    # Names of files need not be text (PEP 383): such files are found by their hash.
    return text.encode("utf-8", "replace").decode()


def read_lock(path: Path) -> tuple[Lock, bytes]:
    """Return a lock and its bytes, from a file that is not trusted.

    Raises:
        ProjectError: There is no such file, or it is no lock, or of a newer version.
    """
    with file_errors(path, ProjectError, verb="read"), open_file(path) as file:
        data = file.read(_MOST_BYTES + 1)
    if not data.strip():
        raise ProjectError(
            f"{path} is empty, no lock of a film: render the film again with "
            "lock=True, which writes it anew"
        )
    if data.lstrip()[:1] != b"{":
        # Most likely the film itself, or another file beside it.
        raise ProjectError(f"{path} is no lock of a film: {_instead(path)}")
    if len(data) > _MOST_BYTES:
        raise ProjectError(
            f"{path} is no lock of a film: it has more than {_MOST_BYTES:,} bytes"
        )
    try:
        stated = msgspec.json.decode(data, type=_Stated)
        if stated.format != FORMAT:
            raise ProjectError(f"{path} is no lock of a film: it has another format")
        if stated.version != 1:
            raise ProjectError(
                f"{path} is of version {stated.version}, and this program reads 1: "
                "install a newer one"
            )
        return msgspec.json.decode(data, type=Lock), data
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        why = f": {fault_of(error)}" if isinstance(error, msgspec.MsgspecError) else ""
        raise ProjectError(f"{path} is no lock of a film{why}") from None


def _instead(path: Path) -> str:
    for name in (f"{path.name}.lock", f"{path.stem}.lock"):
        if name != path.name and path.with_name(name).is_file():
            return f"give {path.with_name(name)}, which lies beside it"
    if path.suffix == ".lock":
        return "render the film again with lock=True, which writes it anew"
    return "give the .lock file that render(..., lock=True) wrote beside it"


class _Stated(msgspec.Struct, frozen=True):
    """What any lock says of itself."""

    format: str
    version: int
