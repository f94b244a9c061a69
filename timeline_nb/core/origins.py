"""What an edit was made from beside its media: subtitle files, tables, models.

Their content is in the edit by now; a film's lock names them, so that who makes the
edit anew knows whether they are the same.
"""

from typing import Literal

import msgspec

__all__ = ["Origin"]


class Origin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file or a model that a step of an edit has read.

    Args:
        what: What it is.
        name: The name of the file or the model.
        path: Where the file lies, absolute; empty of a model that is known by name.
        sha256: Of the file, as it was read; empty where it was too large to hash then.
        options: What else the result depends on, such as the thresholds of a search.
    """

    what: Literal["subtitles", "detections", "model"]
    name: str
    path: str = ""
    sha256: str = ""
    options: dict[str, str] = {}
