"""The list of formats: names, suffixes, and how their files begin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from timeline_nb.interchange.left_out import EVERYTHING, Lack

__all__ = ["FORMATS", "Format"]


def _any(_: bytes) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format of files that hold an edit.

    Args:
        name: As `format=` has it: `otio`.
        suffixes: Of its files, in lower case: `.otio`.
        about: One sentence, for lists.
        module: In this package; has `read`, `write` or both.
        reads: Whether it is read.
        writes: Whether it is written.
        holds_subtitles: Whether its files hold lines of subtitles.
        holds_looks: Whether its files can name tables of colors (.cube).
        lacks: What of our edits it has no place for, and its writer does not tell.
        opens_file: Whether its module opens the file itself, which holds media.
        instead: Of what is not written: what to do.
        is_like: Whether the first bytes of a file look like it, where several formats
            have a suffix.
        inside: The name of the file that holds the edit, where the suffix is that of a
            folder.
    """

    name: str
    suffixes: tuple[str, ...]
    about: str
    module: str
    reads: bool = True
    writes: bool = True
    holds_subtitles: bool = False
    holds_looks: bool = False
    lacks: frozenset[Lack] = frozenset()
    opens_file: bool = False
    instead: str = ""
    is_like: Callable[[bytes], bool] = _any
    inside: str = ""

    def serves(self, direction: Literal["import", "export"]) -> bool:
        """Return whether files of it are read, or written."""
        return self.reads if direction == "import" else self.writes


def _is_mlt(head: bytes) -> bool:
    return b"<mlt" in head or b"<westley" in head


def _is_scenes(head: bytes) -> bool:
    """Return whether PySceneDetect wrote it: its columns, perhaps after its cuts."""
    rows = head.replace(b"\x00", b"").lower().splitlines()[:3]
    return any(b"scene number" in row for row in rows)


def _is_xmeml(head: bytes) -> bool:
    return b"<xmeml" in head or b"<!DOCTYPE xmeml" in head


FORMATS: Final[tuple[Format, ...]] = (
    Format(
        name="otio",
        suffixes=(".otio",),
        about="OpenTimelineIO: everything is carried over.",
        module="otio",
        holds_subtitles=True,
    ),
    Format(
        name="otiod",
        suffixes=(".otiod",),
        about="A folder of OpenTimelineIO: an edit and its media.",
        module="otio",
        writes=False,
        inside="content.otio",
    ),
    Format(
        name="otioz",
        suffixes=(".otioz",),
        about="A bundle of OpenTimelineIO: an edit and its media in an archive.",
        module="otioz",
        writes=False,
        opens_file=True,
    ),
    Format(
        name="mlt",
        suffixes=(".mlt", ".xml"),
        about="MLT XML: melt, Shotcut and Flowblade show the same frames.",
        module="mlt",
        lacks=EVERYTHING | {"letters that no XML holds"},
        holds_looks=True,
        is_like=_is_mlt,
    ),
    Format(
        name="edl",
        suffixes=(".edl",),
        about="Edit decision lists (CMX 3600): Avid, Premiere Pro, DaVinci Resolve.",
        module="edl.format",
        lacks=EVERYTHING - {"picture sound", "start timecode"}
        | {"letters that no row holds"},
    ),
    Format(
        name="fcp7xml",
        suffixes=(".xml",),
        about="Premiere Pro, DaVinci Resolve and Final Cut Pro 7: xmeml.",
        module="fcp7.document",
        lacks=EVERYTHING - {"sample rate", "start timecode"}
        | {"letters that no XML holds"},
        is_like=_is_xmeml,
    ),
    Format(
        name="aaf",
        suffixes=(".aaf",),
        about="Avid Media Composer: AAF; needs the extra interchange. Written: cuts.",
        module="aaf",
        lacks=EVERYTHING - {"picture sound", "start timecode"},
    ),
    Format(
        name="fcpxml",
        suffixes=(".fcpxml",),
        about="Final Cut Pro and DaVinci Resolve: FCPXML.",
        module="fcpxml.document",
        lacks=EVERYTHING - {"sample rate", "start timecode"}
        | {"letters that no XML holds", "styles"},
        holds_subtitles=True,
    ),
    Format(
        name="fcpxmld",
        suffixes=(".fcpxmld",),
        about="Final Cut Pro: a bundle with FCPXML in it.",
        module="fcpxml.document",
        writes=False,
        inside="Info.fcpxml",
    ),
    Format(
        name="scenedetect",
        suffixes=(".csv",),
        about="Scene lists of PySceneDetect.",
        module="scenes",
        writes=False,
        is_like=_is_scenes,
    ),
    Format(
        name="auto-editor",
        suffixes=(".v1", ".v2", ".v3", ".json"),
        about="Timelines of auto-editor.",
        module="auto_editor",
        writes=False,
    ),
    Format(
        name="csv",
        suffixes=(".csv",),
        about="A table of the edit; or any table of media, start and end.",
        module="table.format",
        is_like=lambda head: not _is_scenes(head),
    ),
    Format(
        name="ale",
        suffixes=(".ale",),
        about="Avid Log Exchange: the clips of a bin.",
        module="ale",
    ),
    Format(
        name="kdenlive",
        suffixes=(".kdenlive",),
        about="Projects of Kdenlive, old and with sequences.",
        module="mlt",
        writes=False,
        instead="export an .otio, which Kdenlive 25.04 and later opens",
    ),
)
