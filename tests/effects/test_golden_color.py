"""Color: each effect beside the ffmpeg program, or a formula from its source."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from effects.pictures import RGB, apply, ffmpeg, film_frame, likeness, shown, sized
from PIL import Image, ImageOps
from scipy.interpolate import CubicSpline
from scipy.ndimage import map_coordinates

from timeline_nb.effects import transfer
from timeline_nb.effects.looks import LOOKS

FRAME = sized(film_frame(40), (480, 270))
LUMA = np.array([0.2126, 0.7152, 0.0722])


def yuv(rgb: RGB) -> Any:
    """The same as planes of BT.709 in limited range, stacked as ffmpeg reads them."""
    return np.concatenate([plane.ravel() for plane in shown(rgb).planes])


def rgb_formula(rgb: RGB, change: Callable[[Any], Any]) -> RGB:
    """A formula on RGB from 0 to 1, in doubles."""
    made = change(rgb.astype(np.float64) / 255)
    return np.asarray(np.clip(made * 255 + 0.5, 0, 255), np.uint8)


def gray(share: Any) -> Any:
    return np.repeat((share @ LUMA)[..., None], 3, axis=-1)


def saturated(share: Any, amount: float) -> Any:
    return gray(share) * (1 - amount) + share * amount


# Kind, its values, the chain of the ffmpeg program, and the least likeness in dB.
BY_FFMPEG = [
    ("curves", {"master": [[0, 0.1], [0.4, 0.3], [1, 0.9]]},
     "curves=master='0/0.1 0.4/0.3 1/0.9'", 45),
    ("curves", {"red": [[0, 0], [0.5, 0.7], [1, 1]], "blue": [[0, 0.2], [1, 0.8]]},
     "curves=r='0/0 0.5/0.7 1/1':b='0/0.2 1/0.8'", 45),
    ("levels", {"black": 0.1, "white": 0.8},
     "colorlevels=rimin=0.1:gimin=0.1:bimin=0.1:rimax=0.8:gimax=0.8:bimax=0.8", 45),
    ("levels", {"out_black": 0.05, "out_white": 0.9},
     "colorlevels=romin=0.05:gomin=0.05:bomin=0.05:romax=0.9:gomax=0.9:bomax=0.9", 45),
    ("sepia", {}, "colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131",
     45),
    ("black_and_white", {"red": 0.5, "green": 0.3, "blue": 0.2},
     "colorchannelmixer=.5:.3:.2:0:.5:.3:.2:0:.5:.3:.2", 45),
    ("channel_mixer", {"red": "#ff4000", "green": "#00c040"},
     f"colorchannelmixer=1:0:0:0:{64 / 255}:{192 / 255}:0:0:0:{64 / 255}:1", 45),
    ("invert", {}, "negate", 50),
    ("channels", {"green": False}, "lutrgb=g=0", 50),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "chain", "least"), BY_FFMPEG)
def test_a_colour_effect_is_that_of_ffmpeg(
    kind: str, values: dict[str, Any], chain: str, least: float
) -> None:
    made = apply(kind, shown(FRAME), **values).rgb
    wanted = ffmpeg([FRAME], f"format=gbrp,{chain}")
    assert likeness(made, wanted) >= least
    assert likeness(made, FRAME) < least


# eq counts from 0 to 255, and the package from black to white.
BY_FFMPEG_LUMA = [
    ("brightness", {"amount": 0.1}, f"eq=brightness={0.1 * 219 / 255}"),
    ("contrast", {"amount": 1.4, "pivot": (127.5 - 16) / 219}, "eq=contrast=1.4"),
    ("saturation", {"amount": 1.6}, "eq=saturation=1.6"),
    ("hue", {"degrees": 40.0}, "hue=h=40"),
]


@pytest.mark.parametrize(("kind", "values", "chain"), BY_FFMPEG_LUMA)
def test_an_effect_on_luma_and_chroma_is_that_of_ffmpeg(
    kind: str, values: dict[str, Any], chain: str
) -> None:
    made = apply(kind, shown(FRAME), **values).planes
    stack = yuv(FRAME).reshape(270 * 3 // 2, 480)
    wanted = ffmpeg([stack], chain, "yuv420p")
    own = np.concatenate([plane.ravel() for plane in made]).reshape(stack.shape)
    assert likeness(own, wanted) >= 40
    assert likeness(own, stack) < 40


def _vibrance(share: Any) -> Any:
    # On the distance from gray in the plane of colors.
    luma = share @ LUMA
    u = (share[..., 2] - luma) / 1.8556
    v = (share[..., 0] - luma) / 1.5748
    strength = np.clip(np.hypot(u, v) * 2, 0, 1)
    factor = 1 + 0.5 * (1 - strength)
    blue, red = luma + u * factor * 1.8556, luma + v * factor * 1.5748
    green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152
    return np.stack([red, green, blue], axis=-1)


def _false_color(share: Any) -> Any:
    import cv2

    table = cv2.applyColorMap(np.arange(256, dtype=np.uint8), cv2.COLORMAP_INFERNO)
    steps = np.clip(share @ LUMA * 255 + 0.5, 0, 255).astype(int)
    return table.reshape(256, 3)[steps][..., ::-1] / 255


FORMULAS: list[tuple[str, dict[str, Any], Callable[[Any], Any], float]] = [
    ("exposure", {"stops": 1.0}, lambda x: x * 2 ** (1 / 2.2), 45),
    ("duotone", {"dark": "#000000", "light": "#ffffff"}, gray, 45),
    (
        "lift_gamma_gain",
        {"lift": "#909080", "gain": "#807090"},
        lambda x: np.clip(
            x * (1 + np.array([0, -16, 16]) / 128)
            + (np.array([16, 16, 0]) / 128) * (1 - x),
            0,
            1,
        ),
        43,
    ),
    ("vibrance", {"amount": 0.5}, _vibrance, 38),
    ("false_color", {}, _false_color, 28),
    (
        "threshold",
        {"level": 0.4, "softness": 0.2},
        lambda x: np.clip((gray(x) - 0.4) / 0.2 + 0.5, 0, 1),
        38,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "formula", "least"), FORMULAS)
def test_a_colour_effect_follows_its_formula(
    kind: str, values: dict[str, Any], formula: Callable[[Any], Any], least: float
) -> None:
    made = apply(kind, shown(FRAME), **values).rgb
    assert likeness(made, rgb_formula(FRAME, formula)) >= least


def test_gamma_follows_its_formula() -> None:
    luma = shown(FRAME).planes[0].astype(np.float64)
    wanted = np.clip((luma - 16) / 219, 0, 1) ** (1 / 2.2) * 219 + 16.5
    made = apply("gamma", shown(FRAME), amount=2.2).planes[0]
    assert likeness(made, wanted.astype(np.uint8)) >= 50


def test_solarize_is_that_of_pillow() -> None:
    wanted = np.asarray(ImageOps.solarize(Image.fromarray(FRAME), 128))
    assert likeness(apply("solarize", shown(FRAME)).rgb, wanted) >= 40


def test_posterise_has_so_many_levels_and_no_others_but_at_edges() -> None:
    ramp = np.repeat(np.linspace(0, 255, 1024).astype(np.uint8)[None, :, None], 3, 2)
    made = apply("posterize", shown(np.repeat(ramp, 16, 0)), levels=4).rgb
    flat = np.isin(made, [0, 85, 170, 255])
    assert flat.mean() > 0.5
    assert set(np.unique(made[flat])) == {0, 85, 170, 255}


def test_white_balance_leaves_what_is_neutral_and_follows_the_light() -> None:
    neutral = apply("white_balance", shown(FRAME), temperature=6500.0).rgb
    assert likeness(neutral, FRAME) >= 45
    # A gray under 3,200 K, as a camera set to daylight sees it, becomes gray again.
    lit = np.full((16, 16, 3), (183, 126, 60), np.uint8)
    made = apply("white_balance", shown(lit), temperature=3200.0).rgb[8, 8].astype(int)
    assert np.ptp(made) < np.ptp(lit[0, 0].astype(int)) / 2


# Code values that the makers' papers print, and the light they stand for.
POINTS = [
    (transfer.from_slog3, 420 / 1023, 0.18),
    (transfer.from_slog3, 95 / 1023, 0.0),
    (transfer.from_slog3, 598 / 1023, 0.9),
    (transfer.from_vlog, 433 / 1023, 0.18),
    (transfer.from_vlog, 128 / 1023, 0.0),
    (transfer.from_vlog, 602 / 1023, 0.9),
    (transfer.from_dlog, 0.3987, 0.18),
    (transfer.from_dlog, 0.0929, 0.0),
    # BT.2408: a diffuse white of 203 cd/m2 is 58 % of PQ and 75 % of HLG.
    (transfer.from_pq, 0.5807, 1.0),
    (transfer.from_pq, 0.5081, 100 / 203),
    (transfer.from_hlg, 0.75, 1.0),
    (transfer.from_srgb, 0.5, 0.2140),
    (transfer.from_bt709, 0.409, 0.18),
]


@pytest.mark.parametrize(("decode", "code", "light"), POINTS)
def test_codes_mean_the_light_that_their_papers_say(
    decode: Callable[[Any], Any], code: float, light: float
) -> None:
    assert float(decode(np.array([code]))[0]) == pytest.approx(light, abs=0.006)


def test_gamuts_are_those_that_their_papers_print() -> None:
    # ITU-R BT.2087, table 2 reveal about: BT.2020 as BT.709.
    wanted = [
        [1.6605, -0.5876, -0.0728],
        [-0.1246, 1.1329, -0.0083],
        [-0.0182, -0.1006, 1.1187],
    ]
    rows = transfer.between(transfer.BT2020, transfer.BT709).rows[:, :3]
    assert rows == pytest.approx(np.array(wanted), abs=2e-4)


@pytest.mark.parametrize("kind", list(LOOKS))
def test_a_look_is_its_stages_in_doubles(kind: str) -> None:
    values = FRAME.reshape(-1, 3).astype(np.float64) / 255
    for stage in LOOKS[kind][1]:
        if hasattr(stage, "rows"):
            values = values @ stage.rows[:, :3].T + stage.rows[:, 3]
        else:
            values = np.asarray(stage.change(np.clip(values, 0, stage.span)))
    wanted = np.clip(values * 255 + 0.5, 0, 255).reshape(FRAME.shape)
    made = apply(kind, shown(FRAME)).rgb
    assert likeness(made, wanted.astype(np.uint8)) >= 40
    half = apply(kind, shown(FRAME), amount=0.5)
    assert likeness(half.rgb, FRAME) > likeness(made, FRAME)


def test_hdr_white_and_grey_come_out_where_a_display_shows_them() -> None:
    def shade(nits: float) -> float:
        codes = np.linspace(0, 1, 4096)
        code = codes[np.argmin(np.abs(transfer.from_pq(codes) * 203 - nits))]
        flat = np.full((16, 16, 3), round(float(code) * 255), np.uint8)
        return float(apply("hdr_to_sdr", shown(flat)).rgb[8, 8].mean()) / 255

    # A gray of 26 cd/m2, as BT.2408 has it, keeps its share of white's light.
    assert shade(26) == pytest.approx((26 / 203) ** (1 / 2.4), abs=0.02)
    levels = [shade(nits) for nits in (50, 203, 600, 1000)]
    assert levels == sorted(levels)
    assert levels[1] > 0.8
    assert levels[-1] > 0.97


def test_a_colour_space_and_back_is_the_same() -> None:
    there = apply("color_space", shown(FRAME), source="bt709", target="bt2020")
    back = apply("color_space", there, source="bt2020", target="bt709").rgb
    assert likeness(back, FRAME) >= 40


def test_a_table_is_looked_up_as_trilinear_maths_does(tmp_path: Path) -> None:
    size = 17
    steps = np.linspace(0, 1, size)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    table = np.stack([red**1.4, green * 0.8 + red * 0.1, blue**0.7], axis=-1)
    rows = "\n".join(" ".join(f"{v:.6f}" for v in row) for row in table.reshape(-1, 3))
    path = tmp_path / "it's a look.cube"
    path.write_text(f"TITLE x\nLUT_3D_SIZE {size}\n{rows}\n")
    places = FRAME.reshape(-1, 3)[:, ::-1].T / 255 * (size - 1)
    parts = [map_coordinates(table[..., c], places, order=1) for c in range(3)]
    wanted = np.clip(np.stack(parts, axis=-1) * 255 + 0.5, 0, 255).reshape(FRAME.shape)
    made = apply("lut", shown(FRAME), path=str(path)).rgb
    assert likeness(made, wanted.astype(np.uint8)) >= 42


def test_a_spline_is_that_of_the_standard_library_of_science() -> None:
    made = apply("curves", shown(FRAME), master=[[0, 0], [0.3, 0.5], [1, 1]]).rgb
    spline = CubicSpline([0, 0.3, 1], [0, 0.5, 1], bc_type="natural")
    assert likeness(made, rgb_formula(FRAME, spline)) >= 45
