"""Assumptions about media files whose metadata is missing or wrong."""

from typing import Final, Literal, TypeAlias

import msgspec

__all__ = ["AS_TOLD", "AssumedColor", "AssumedFields", "AssumedRange", "Assumption"]

AssumedColor: TypeAlias = Literal["", "bt601", "bt709", "bt2020", "pq", "hlg"]
AssumedRange: TypeAlias = Literal["", "tv", "pc"]
AssumedFields: TypeAlias = Literal["", "progressive", "tt", "bb"]


class Assumption(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """How the pictures of a file are read; empty fields are as the file says.

    Args:
        color: `bt601`, `bt709` or `bt2020` (ITU-R BT.601, BT.709, BT.2020), or BT.2020
            with an HDR transfer function (ITU-R BT.2100): `pq`, `hlg`.
        range: `tv` if black is 16 and white 235, `pc` if they are 0 and 255.
        fields: `progressive`, or interlaced with the upper (`tt`) or the lower (`bb`)
            field first.
    """

    color: AssumedColor = ""
    range: AssumedRange = ""
    fields: AssumedFields = ""

    def __bool__(self) -> bool:
        return bool(self.color or self.range or self.fields)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.color, self.range, self.fields)))


AS_TOLD: Final = Assumption()
