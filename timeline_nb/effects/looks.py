"""Looks: conversions of camera logs and color grades, as lists of color stages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from timeline_nb.effects import transfer
from timeline_nb.effects.color import GRAY, apply_stages, sampled_curve
from timeline_nb.effects.color_pipeline import Curve, Matrix, Stage, Values, gain
from timeline_nb.effects.cube import Cube
from timeline_nb.effects.parameters import choice, file, number
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.registry import picture
from timeline_nb.effects.spec import Spec

__all__ = ["LOOKS"]

# Scene light up to 16 times diffuse white is rolled off; above, it clips.
_RANGE: Final = 16.0


def _from_log(decode: Any, primaries: Any) -> list[Stage]:
    """Return the stages from a camera log to BT.709, with highlights rolled off."""

    def encode(light: Values) -> Any:
        return transfer.to_bt709(transfer.mobius(light, _RANGE, linear=0.7))

    return [
        Curve(decode),
        transfer.between(primaries, transfer.BT709),
        Curve(encode, _RANGE),
    ]


def _hdr_to_sdr(decode: Any, peak: float) -> list[Stage]:
    """Return the stages from HDR in BT.2020 to BT.709, the same as without an effect.

    Args:
        decode: Maps code values to display light.
        peak: The peak luminance of the source, in cd/m2.
    """

    def rolled(code: Values) -> Any:
        return transfer.from_pq(transfer.eetf(transfer.to_pq(decode(code)), peak))

    def encode(light: Values) -> Any:
        # The inverse of a display of gamma 2.4 (ITU-R BT.1886).
        return np.clip(light, 0, 1) ** (1 / 2.4)

    return [
        Curve(rolled),
        transfer.between(transfer.BT2020, transfer.BT709),
        # A span above 1 keeps the table of linear light fine in the shadows.
        Curve(encode, 1.001),
    ]


def _saturated(amount: float) -> Matrix:
    return Matrix(np.eye(3, 4) * amount + GRAY * (1 - amount))


def _curve(*pairs: tuple[float, float]) -> Curve:
    return Curve(sampled_curve(pairs))


def _channel_curves(*channels: Sequence[tuple[float, float]]) -> Curve:
    parts = [sampled_curve(pairs) for pairs in channels]
    return Curve(
        lambda values: np.stack([f(values[:, n]) for n, f in enumerate(parts)], axis=1)
    )


# Each look: its documentation and its stages.
LOOKS: Final[dict[str, tuple[str, list[Stage]]]] = {
    "s_log": (
        "Convert Sony S-Log3 in S-Gamut3.Cine to BT.709.",
        _from_log(transfer.from_slog3, transfer.SGAMUT3_CINE),
    ),
    "d_log": (
        "Convert DJI D-Log in D-Gamut to BT.709.",
        _from_log(transfer.from_dlog, transfer.DLOG_GAMUT),
    ),
    "v_log": (
        "Convert Panasonic V-Log in V-Gamut to BT.709.",
        _from_log(transfer.from_vlog, transfer.VGAMUT),
    ),
    "hlg": (
        "Convert hybrid log-gamma (ITU-R BT.2100) to BT.709.",
        _hdr_to_sdr(transfer.from_hlg, 1000.0),
    ),
    "rec709": (
        "Convert pictures coded as sRGB to BT.709.",
        [Curve(transfer.from_srgb), Curve(transfer.to_bt709, 1.0001)],
    ),
    "rec2020": (
        "Convert BT.2020 primaries to BT.709, clipping colors out of gamut.",
        [
            Curve(transfer.from_bt709),
            transfer.between(transfer.BT2020, transfer.BT709),
            Curve(transfer.to_bt709, 1.0001),
        ],
    ),
    "cine_style": (
        "Lift the shadows and flatten contrast, as a start for grading.",
        [
            _curve((0, 0.08), (0.2, 0.27), (0.5, 0.53), (0.8, 0.76), (1, 0.92)),
            _saturated(0.8),
        ],
    ),
    "flat": (
        "Reduce contrast and saturation.",
        [_curve((0, 0.1), (1, 0.9)), _saturated(0.7)],
    ),
    "neutral": (
        "Soften contrast slightly and keep colors natural.",
        [_curve((0, 0.02), (0.25, 0.26), (0.75, 0.75), (1, 0.98)), _saturated(0.95)],
    ),
    "portrait": (
        "Warm the midtones and soften contrast, for skin.",
        [
            _channel_curves(
                ((0, 0.02), (0.5, 0.54), (1, 1)),
                ((0, 0.02), (0.5, 0.51), (1, 0.99)),
                ((0, 0.03), (0.5, 0.48), (1, 0.96)),
            ),
            _saturated(0.95),
        ],
    ),
    "landscape": (
        "Strengthen contrast and saturation, for skies and greens.",
        [
            _curve((0, 0), (0.25, 0.2), (0.75, 0.8), (1, 1)),
            _saturated(1.35),
            _channel_curves(
                ((0, 0), (1, 0.98)), ((0, 0), (0.5, 0.52), (1, 1)), ((0, 0.01), (1, 1))
            ),
        ],
    ),
    "vintage_film": (
        "Fade the blacks and warm the highlights, as an old print.",
        [
            _channel_curves(
                ((0, 0.09), (0.5, 0.55), (1, 0.97)),
                ((0, 0.08), (0.5, 0.51), (1, 0.93)),
                ((0, 0.11), (0.5, 0.45), (1, 0.8)),
            ),
            _saturated(0.75),
        ],
    ),
    "warm_sunset": (
        "Tint the picture golden, as light at sunset.",
        [
            _channel_curves(
                ((0, 0.01), (0.5, 0.6), (1, 1)),
                ((0, 0), (0.5, 0.49), (1, 0.93)),
                ((0, 0.02), (0.5, 0.36), (1, 0.74)),
            ),
            _saturated(1.15),
        ],
    ),
    "cold_blue": (
        "Tint the picture blue, as moonlight.",
        [
            _channel_curves(
                ((0, 0), (0.5, 0.41), (1, 0.86)),
                ((0, 0.01), (0.5, 0.48), (1, 0.95)),
                ((0, 0.05), (0.5, 0.58), (1, 1)),
            ),
            _saturated(0.85),
        ],
    ),
    "dramatic_contrast": (
        "Strengthen contrast and reduce saturation.",
        [
            _curve((0, 0), (0.25, 0.12), (0.5, 0.5), (0.75, 0.88), (1, 1)),
            _saturated(0.8),
        ],
    ),
    "bleach_bypass": (
        "Raise contrast and desaturate, as film whose silver was not removed.",
        [
            _saturated(0.4),
            _curve((0, 0), (0.3, 0.2), (0.7, 0.82), (1, 1)),
        ],
    ),
    "teal_and_orange": (
        "Tint shadows teal and highlights orange.",
        [
            _channel_curves(
                ((0, 0), (0.3, 0.24), (0.7, 0.76), (1, 1)),
                ((0, 0.01), (0.5, 0.5), (1, 0.97)),
                ((0, 0.06), (0.3, 0.36), (0.7, 0.62), (1, 0.9)),
            ),
            _saturated(1.1),
        ],
    ),
    "cross_process": (
        "Tint shadows green and highlights yellow, as cross-processed film.",
        [
            _channel_curves(
                ((0, 0), (0.25, 0.16), (0.75, 0.86), (1, 1)),
                ((0, 0), (0.25, 0.24), (0.75, 0.82), (1, 1)),
                ((0, 0.15), (0.5, 0.5), (1, 0.8)),
            )
        ],
    ),
    "night_vision": (
        "Show bright green grayscale, as an image intensifier.",
        [
            Matrix(GRAY),
            _curve((0, 0.05), (0.4, 0.6), (1, 1)),
            gain(0.15, 1.0, 0.2),
        ],
    ),
}


def _register(kind: str, doc: str, stages: list[Stage]) -> None:
    def look(p: Picture, *, amount: float) -> Picture:
        return apply_stages(p, stages, amount)

    amount = {
        "amount": number(
            1.0, 0, 1, doc="Strength of the look: 0 is none, 1 is all of it."
        )
    }
    picture.specs[kind] = Spec(kind, "picture", "looks", doc, amount, look)


for _kind, (_doc, _stages) in LOOKS.items():
    _register(_kind, _doc, _stages)


_TRANSFERS: Final = {"pq": transfer.from_pq, "hlg": transfer.from_hlg}
_GAMUTS: Final = {
    "bt2020": transfer.BT2020,
    "bt709": transfer.BT709,
    "s_gamut3_cine": transfer.SGAMUT3_CINE,
    "v_gamut": transfer.VGAMUT,
    "d_gamut": transfer.DLOG_GAMUT,
}
_PEAK: Final = number(1000.0, 100, 10_000, "cd/m2", "Peak luminance of the source.")


@picture(
    "technical",
    transfer=choice(
        "pq", "hlg", doc="Transfer function of the source (ITU-R BT.2100)."
    ),
    peak=_PEAK,
)
def hdr_to_sdr(p: Picture, *, transfer: str, peak: float) -> Picture:
    """Map HDR to SDR for a given peak luminance."""
    return apply_stages(p, _hdr_to_sdr(_TRANSFERS[transfer], peak))


@picture(
    "technical",
    source=choice(
        "bt2020",
        "bt709",
        "s_gamut3_cine",
        "v_gamut",
        "d_gamut",
        doc="Primaries of the picture.",
    ),
    target=choice(
        "bt709",
        "bt2020",
        "s_gamut3_cine",
        "v_gamut",
        "d_gamut",
        doc="Primaries to convert to.",
    ),
)
def color_space(p: Picture, *, source: str, target: str) -> Picture:
    """Convert colors from one set of primaries to another."""
    return apply_stages(
        p,
        [
            Curve(transfer.from_bt709),
            transfer.between(_GAMUTS[source], _GAMUTS[target]),
            Curve(transfer.to_bt709, 1.0001),
        ],
    )


@picture(
    "color",
    path=file("A `.cube` file, 3D or 1D."),
    amount=number(1.0, 0, 1, doc="Strength of the effect: 0 is none, 1 is all of it."),
)
def lut(p: Picture, *, path: str, amount: float) -> Picture:
    """Apply a lookup table from a `.cube` file."""
    whole = p.with_rgb(Cube.of(Path(path)).run(p.rgb))
    return p.mixed(whole, amount) if amount < 1 else whole
