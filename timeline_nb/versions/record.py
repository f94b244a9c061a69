"""A version of an edit: its name, note and picture, and the file with its timeline."""

import base64
from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from timeline_nb.timeline.limits import Name, Text

__all__ = ["FORMAT", "MAX_PICTURE_BYTES", "EditVersion"]

FORMAT: Final = "timeline_nb.version"
MAX_PICTURE_BYTES: Final = 400_000
# Base64 has four letters for three bytes.
_PICTURE: Final = Meta(max_length=MAX_PICTURE_BYTES * 4 // 3 + 4)
_JPEG: Final = b"\xff\xd8\xff"


class EditVersion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version of an edit, as the file beside its timeline has it.

    Args:
        format: Says what the file is.
        name: As a person named it.
        note: What they wrote of it.
        saved: When, in ISO 8601 with its time zone.
        digest: Names the file with the timeline.
        duration_s: How long the edit is, in seconds.
        clips: How many clips it has on all tracks.
        branch: The file's name of the project that began here; empty if none did.
        picture: A JPEG in Base64; empty if there is none.
    """

    format: Literal["timeline_nb.version"] = "timeline_nb.version"
    name: Name
    note: Text = ""
    saved: Name = ""
    digest: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    duration_s: float = 0.0
    clips: int = 0
    branch: Name = ""
    picture: Annotated[str, _PICTURE] = ""

    @property
    def time(self) -> datetime | None:
        """When it was saved; None if that cannot be read."""
        try:
            return datetime.fromisoformat(self.saved)
        except ValueError:
            return None

    @property
    def jpeg(self) -> bytes:
        """The picture; empty if there is none."""
        try:
            data = base64.b64decode(self.picture, validate=True)
        except ValueError:
            return b""
        return data if data.startswith(_JPEG) else b""

    def __repr__(self) -> str:
        note = f": {self.note}" if self.note else ""
        return f"<EditVersion {self.name!r}{note[:60]}>"
