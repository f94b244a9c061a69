"""Looks: camera logs made normal, and moods, each a short list of stages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from timeline_nb.effects import transfer
from timeline_nb.effects.color import GRAY, apply_stages, sampled_curve
from timeline_nb.effects.color_pipeline import Curve, Matrix, Stage, Values, gain
from timeline_nb.effects.cube import Cube
from timeline_nb.effects.parameters import Parameter, choice, file, number
from timeline_nb.effects.picture import Picture
from timeline_nb.effects.registry import picture
from timeline_nb.effects.spec import Spec

__all__ = ["LOOKS"]

# Scene light up to 16 times a diffuse white is brought in; above, it is white.
_RANGE: Final = 16.0


def _camera(decode: Any, primaries: Any) -> list[Stage]:
    """From a camera's log to BT.709, its highlights rolled off."""

    def encode(light: Values) -> Any:
        return transfer.to_bt709(transfer.mobius(light, _RANGE, linear=0.7))

    return [
        Curve(decode),
        transfer.between(primaries, transfer.BT709),
        Curve(encode, _RANGE),
    ]


def _sdr(decode: Any, peak: float) -> list[Stage]:
    """From HDR of BT.2020 to BT.709, as it is mapped without an effect.

    Args:
        decode: From code to the light of a display.
        peak: The brightest there is, in cd/m2.
    """

    def rolled(code: Values) -> Any:
        return transfer.from_pq(transfer.eetf(transfer.to_pq(decode(code)), peak))

    def encode(light: Values) -> Any:
        # As a display of gamma 2.4 shows it (ITU-R BT.1886).
        return np.clip(light, 0, 1) ** (1 / 2.4)

    return [
        Curve(rolled),
        transfer.between(transfer.BT2020, transfer.BT709),
        # Tables of light reach over 1 to stay fine where it is dark.
        Curve(encode, 1.001),
    ]


def _saturated(amount: float) -> Matrix:
    return Matrix(np.eye(3, 4) * amount + GRAY * (1 - amount))


def _through(*pairs: tuple[float, float]) -> Curve:
    return Curve(sampled_curve(pairs))


def _each(*channels: Sequence[tuple[float, float]]) -> Curve:
    parts = [sampled_curve(pairs) for pairs in channels]
    return Curve(
        lambda values: np.stack([f(values[:, n]) for n, f in enumerate(parts)], axis=1)
    )


# What each look is made of; the docs say what it is for.
LOOKS: Final[dict[str, tuple[str, list[Stage]]]] = {
    "s_log": (
        "Sony S-Log3 in S-Gamut3.Cine, as BT.709.",
        _camera(transfer.from_slog3, transfer.SGAMUT3_CINE),
    ),
    "d_log": (
        "DJI D-Log in D-Gamut, as BT.709.",
        _camera(transfer.from_dlog, transfer.DLOG_GAMUT),
    ),
    "v_log": (
        "Panasonic V-Log in V-Gamut, as BT.709.",
        _camera(transfer.from_vlog, transfer.VGAMUT),
    ),
    "hlg": (
        "Hybrid log-gamma of BT.2100, as BT.709.",
        _sdr(transfer.from_hlg, 1000.0),
    ),
    "rec709": (
        "Pictures coded as sRGB, as BT.709 codes them.",
        [Curve(transfer.from_srgb), Curve(transfer.to_bt709, 1.0001)],
    ),
    "rec2020": (
        "Colors of BT.2020 primaries, as BT.709; what it cannot show is clipped.",
        [
            Curve(transfer.from_bt709),
            transfer.between(transfer.BT2020, transfer.BT709),
            Curve(transfer.to_bt709, 1.0001),
        ],
    ),
    "cine_style": (
        "Lifted shadows and a long, gentle slope: a start for grading.",
        [
            _through((0, 0.08), (0.2, 0.27), (0.5, 0.53), (0.8, 0.76), (1, 0.92)),
            _saturated(0.8),
        ],
    ),
    "flat": (
        "Little contrast and little color.",
        [_through((0, 0.1), (1, 0.9)), _saturated(0.7)],
    ),
    "neutral": (
        "A mild slope and true colors.",
        [_through((0, 0.02), (0.25, 0.26), (0.75, 0.75), (1, 0.98)), _saturated(0.95)],
    ),
    "portrait": (
        "Warm skin, soft contrast.",
        [
            _each(
                ((0, 0.02), (0.5, 0.54), (1, 1)),
                ((0, 0.02), (0.5, 0.51), (1, 0.99)),
                ((0, 0.03), (0.5, 0.48), (1, 0.96)),
            ),
            _saturated(0.95),
        ],
    ),
    "landscape": (
        "Deep skies and full greens.",
        [
            _through((0, 0), (0.25, 0.2), (0.75, 0.8), (1, 1)),
            _saturated(1.35),
            _each(
                ((0, 0), (1, 0.98)), ((0, 0), (0.5, 0.52), (1, 1)), ((0, 0.01), (1, 1))
            ),
        ],
    ),
    "vintage_film": (
        "Faded blacks, warm light and green shadows, as an old print.",
        [
            _each(
                ((0, 0.09), (0.5, 0.55), (1, 0.97)),
                ((0, 0.08), (0.5, 0.51), (1, 0.93)),
                ((0, 0.11), (0.5, 0.45), (1, 0.8)),
            ),
            _saturated(0.75),
        ],
    ),
    "warm_sunset": (
        "Golden light.",
        [
            _each(
                ((0, 0.01), (0.5, 0.6), (1, 1)),
                ((0, 0), (0.5, 0.49), (1, 0.93)),
                ((0, 0.02), (0.5, 0.36), (1, 0.74)),
            ),
            _saturated(1.15),
        ],
    ),
    "cold_blue": (
        "Moonlight and ice.",
        [
            _each(
                ((0, 0), (0.5, 0.41), (1, 0.86)),
                ((0, 0.01), (0.5, 0.48), (1, 0.95)),
                ((0, 0.05), (0.5, 0.58), (1, 1)),
            ),
            _saturated(0.85),
        ],
    ),
    "dramatic_contrast": (
        "Deep shadows, bright light, less color.",
        [
            _through((0, 0), (0.25, 0.12), (0.5, 0.5), (0.75, 0.88), (1, 1)),
            _saturated(0.8),
        ],
    ),
    "bleach_bypass": (
        "Silver left in the film: hard contrast, colors half gone.",
        [
            _saturated(0.4),
            _through((0, 0), (0.3, 0.2), (0.7, 0.82), (1, 1)),
        ],
    ),
    "teal_and_orange": (
        "Shadows towards teal, light towards orange.",
        [
            _each(
                ((0, 0), (0.3, 0.24), (0.7, 0.76), (1, 1)),
                ((0, 0.01), (0.5, 0.5), (1, 0.97)),
                ((0, 0.06), (0.3, 0.36), (0.7, 0.62), (1, 0.9)),
            ),
            _saturated(1.1),
        ],
    ),
    "cross_process": (
        "Slide film in the wrong bath: green shadows, yellow light.",
        [
            _each(
                ((0, 0), (0.25, 0.16), (0.75, 0.86), (1, 1)),
                ((0, 0), (0.25, 0.24), (0.75, 0.82), (1, 1)),
                ((0, 0.15), (0.5, 0.5), (1, 0.8)),
            )
        ],
    ),
    "night_vision": (
        "Green and bright, as through an intensifier.",
        [
            Matrix(GRAY),
            _through((0, 0.05), (0.4, 0.6), (1, 1)),
            gain(0.15, 1.0, 0.2),
        ],
    ),
}


def _put(kind: str, doc: str, stages: list[Stage]) -> None:
    def look(p: Picture, *, amount: float) -> Picture:
        return apply_stages(p, stages, amount)

    amount = {"amount": number(1.0, 0, 1, doc="How much of it is mixed in.")}
    picture.specs[kind] = Spec(kind, "picture", "looks", doc, amount, look)


for _kind, (_doc, _stages) in LOOKS.items():
    _put(_kind, _doc, _stages)


_TRANSFERS: Final = {"pq": transfer.from_pq, "hlg": transfer.from_hlg}
_GAMUTS: Final = {
    "bt2020": transfer.BT2020,
    "bt709": transfer.BT709,
    "s_gamut3_cine": transfer.SGAMUT3_CINE,
    "v_gamut": transfer.VGAMUT,
    "d_gamut": transfer.DLOG_GAMUT,
}
_PEAK: Final = Parameter(
    "number", 1000.0, 100, 10_000, "cd/m2", doc="The brightest light there is."
)


@picture("technical", transfer=choice("pq", "hlg"), peak=_PEAK)
def hdr_to_sdr(p: Picture, *, transfer: str, peak: float) -> Picture:
    """HDR as SDR, in place of the mapping without it: for a peak of one's own."""
    return apply_stages(p, _sdr(_TRANSFERS[transfer], peak))


@picture(
    "technical",
    source=choice("bt2020", "bt709", "s_gamut3_cine", "v_gamut", "d_gamut"),
    target=choice("bt709", "bt2020", "s_gamut3_cine", "v_gamut", "d_gamut"),
)
def color_space(p: Picture, *, source: str, target: str) -> Picture:
    """Colors of some primaries as those of others, in the light that they mean."""
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
    path=file("A .cube file, 3D or 1D."),
    amount=number(1.0, 0, 1, doc="How much of it is mixed in."),
)
def lut(p: Picture, *, path: str, amount: float) -> Picture:
    """A look-up table: a look that another program made."""
    whole = p.with_rgb(Cube.of(Path(path)).run(p.rgb))
    return p.mixed(whole, amount) if amount < 1 else whole
