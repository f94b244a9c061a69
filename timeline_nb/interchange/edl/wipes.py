"""Wipes of EDL by number (SMPTE 258M), and ours."""

from collections.abc import Mapping
from typing import Any, Final

from timeline_nb.interchange.edl.rows import EdlRow
from timeline_nb.interchange.report import Report

__all__ = ["code_of", "wipe_of"]

# Degrees of the movement: 1 is from the left, 2 from the top.
_ANGLES: Final = {1: 0.0, 2: 90.0}


def wipe_of(row: EdlRow, report: Report) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """Return the kind and the parameters of a row's transition."""
    if not row.transition.startswith("W"):
        return "dissolve", ()
    number = int(row.transition[1:] or 1)
    if number in _ANGLES:
        angle = _ANGLES[number]
        return "wipe", (("angle", angle),) if angle else ()
    detail = "it is a wipe from the left"
    what = f"the wipe {row.transition}"
    report.add(f"row {row.row}", what, "approximated", None, detail)
    return "wipe", ()


def code_of(kind: str, parameters: Mapping[str, Any]) -> tuple[str, bool]:
    """Return what stands for a transition, and whether it is the same there."""
    if kind == "wipe":
        angle = parameters.get("angle", 0.0)
        for number, own in _ANGLES.items():
            if angle == own:
                return f"W{number:03}", not set(parameters) - {"angle"}
        return "W001", False
    return "D", kind == "dissolve" and not parameters
