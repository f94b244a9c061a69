"""Ready-made styles of subtitles, as parameters of `title`."""

from typing import Any, Final

__all__ = ["SUBTITLE", "SUBTITLE_STYLES"]

# The style of subtitles where neither track nor cue say otherwise.
SUBTITLE: Final[dict[str, Any]] = {
    "size": 0.055,
    "color": "#ffffff",
    "outline": 0.004,
    "outline_color": "#000000",
    "position": [0.5, 0.94],
    "anchor": "bottom",
    "width": 0.86,
    # A missing font or letter must not stop a render.
    "substitute": True,
}

_SOFT_SHADOW: Final = {
    "shadow": [0.002, 0.004],
    "shadow_blur": 0.004,
    "shadow_color": "#000000d0",
}

SUBTITLE_STYLES: Final[dict[str, dict[str, Any]]] = {
    "classic": {},
    "boxed": {"outline": 0.0, "box_color": "#000000b0", "box_padding": 0.012},
    "solid_box": {"outline": 0.0, "box_color": "#000000", "box_padding": 0.014},
    "yellow": {"color": "#ffe94a"},
    "cinema": {"outline": 0.0, "size": 0.048, "italic": True, **_SOFT_SHADOW},
    "news": {
        "outline": 0.0,
        "bold": True,
        "color": "#ffffff",
        "box_color": "#0b3d91e8",
        "box_padding": 0.016,
        "align": "left",
    },
    "karaoke": {
        "bold": True,
        "size": 0.07,
        "color": "#5ef2ff",
        "outline": 0.006,
        "outline_color": "#3a0070",
    },
    "social": {
        "bold": True,
        "size": 0.085,
        "outline": 0.008,
        "position": [0.5, 0.72],
        "width": 0.7,
    },
    "minimal": {"outline": 0.0, "size": 0.042, **_SOFT_SHADOW},
    "typewriter": {
        "font": "DejaVu Sans",
        "outline": 0.0,
        "color": "#2b2118",
        "box_color": "#f3e9d2f0",
        "box_padding": 0.014,
    },
    "speaker_top": {"position": [0.5, 0.06], "anchor": "top"},
    "high_contrast": {
        "bold": True,
        "size": 0.07,
        "outline": 0.0,
        "color": "#ffff00",
        "box_color": "#000000",
        "box_padding": 0.02,
    },
    "glow": {
        "color": "#fff7d6",
        "outline": 0.0,
        "shadow_blur": 0.012,
        "shadow_color": "#ff8c00ff",
    },
}
