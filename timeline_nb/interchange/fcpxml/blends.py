"""Final Cut's numbers of blend modes."""

from typing import Final

from timeline_nb.timeline.choices import BlendMode

__all__ = ["BLENDS", "BLEND_NAMES"]

# Apple's "Final Cut Pro X XML Format", appendix A, "Blend Modes".
BLEND_NAMES: Final[dict[BlendMode, str]] = {
    "subtract": "2 (Subtract)",
    "darken": "3 (Darken)",
    "multiply": "4 (Multiply)",
    "color_burn": "5 (Color Burn)",
    "add": "8 (Add)",
    "lighten": "9 (Lighten)",
    "screen": "10 (Screen)",
    "color_dodge": "11 (Color Dodge)",
    "overlay": "14 (Overlay)",
    "soft_light": "15 (Soft Light)",
    "hard_light": "16 (Hard Light)",
    "difference": "22 (Difference)",
    "exclusion": "23 (Exclusion)",
}
BLENDS: Final[dict[str, BlendMode]] = {
    name.partition(" ")[0]: blend for blend, name in BLEND_NAMES.items()
}
