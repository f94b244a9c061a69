"""A pack: a zip file of a project with its media, the same to the byte each time.

Its files are stored as they are, in a fixed order, with a fixed date. `pack.json` lists
them with their sizes and hashes; nothing else may be in it.
"""

import zipfile
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from timeline_nb.errors import ProjectError

__all__ = [
    "CHANGED_NS",
    "DATE",
    "MANIFEST",
    "Pack",
    "PackedFile",
    "entry_of",
    "pack_text",
]

MANIFEST: Final = "pack.json"
# The first that a zip file can have, and when files that are unpacked were changed.
DATE: Final = (1980, 1, 1, 0, 0, 0)
CHANGED_NS: Final = 315_532_800 * 10**9
# An ordinary file that its owner may write and everyone may read, of Unix.
_UNIX: Final = 3
_MODE: Final = 0o100644 << 16

Word = Annotated[str, Meta(max_length=4096)]


class PackedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of a pack.

    Args:
        name: In the pack.
        bytes: Its size.
        sha256: Of its content.
        what: `project`, `media`, `file` (of an effect), `font`, or `source`, which a
            step has read: subtitles, a table.
        of: The name that it had.
        is_whole: Whether it is the file as it was; else the stretches that are used.
    """

    name: Word
    bytes: Annotated[int, Meta(ge=0)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    what: Literal["project", "media", "file", "font", "source"]
    of: Word
    is_whole: bool = True


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `pack.json` says.

    Args:
        format: What the file is.
        version: Of the format.
        project: The name of the project's file.
        files: All others, in their order.
        plugins: What the effects need that is not carried: versions by id.
        effects: A person's own effects, which are code and not carried.
    """

    format: Literal["timeline_nb.pack"] = "timeline_nb.pack"
    version: Literal[1] = 1
    project: Word
    files: Annotated[tuple[PackedFile, ...], Meta(max_length=100_000)]
    plugins: Annotated[dict[Word, Word], Meta(max_length=1000)] = {}
    effects: Annotated[tuple[Word, ...], Meta(max_length=1000)] = ()


def pack_text(pack: Pack) -> bytes:
    """Return `pack.json`: sorted keys."""
    data = msgspec.json.encode(pack, order="sorted")
    return msgspec.json.format(data, indent=1) + b"\n"


def entry_of(name: str, size: int) -> zipfile.ZipInfo:
    """Return the entry of a file: nothing in it depends on when and where it is made.

    Raises:
        ProjectError: No zip file has such a name.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        raise ProjectError(f"{name!r} cannot be the name of a file in a pack") from None
    entry = zipfile.ZipInfo(name, DATE)
    entry.compress_type = zipfile.ZIP_STORED
    entry.create_system, entry.external_attr = _UNIX, _MODE
    entry.file_size = size
    return entry
