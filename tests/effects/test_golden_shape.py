"""Blur, detail, geometry and keys beside ffmpeg, SciPy, Pillow, or a formula."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from effects.pictures import (
    RGB,
    apply,
    ffmpeg,
    film_frame,
    likeness,
    seen,
    shown,
    sized,
)
from PIL import Image, ImageDraw
from scipy import ndimage

from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.provided import is_provided

WIDE, HIGH = 480, 270
FRAME = sized(film_frame(40), (WIDE, HIGH))
# What is RGB to ffmpeg has its chroma halved here; likeness of colors ends there.
CHROMA = 36.0


def luma(picture: Any) -> Any:
    return picture.planes[0]


def planes(rgb: RGB) -> Any:
    whole = np.concatenate([plane.ravel() for plane in shown(rgb).planes])
    return whole.reshape(HIGH * 3 // 2, WIDE)


BY_FFMPEG = [
    ("box_blur", {"radius": 5 / HIGH}, "avgblur=sizeX=5", 45, 12),
    ("gaussian_blur", {"sigma": 4 / HIGH}, "gblur=sigma=4:steps=6", 40, 16),
    ("gaussian_blur", {"sigma": 12 / HIGH}, "gblur=sigma=12:steps=6", 38, 40),
    ("pixelate", {"size": 30 / HIGH}, "pixelize=w=30:h=30", 38, 0),
    ("flip", {}, "hflip", 48, 0),
    ("flip", {"horizontal": False, "vertical": True}, "vflip", 48, 0),
    ("rotate", {"angle": 20.0}, "rotate=a=20*PI/180:c=black", 27, 0),
    (
        "zoom_pan",
        {"zoom": 2.0, "center": [0.5, 0.5]},
        f"crop=iw/2:ih/2,scale={WIDE}:{HIGH}:flags=bilinear",
        34,
        4,
    ),
    ("border", {"width": 10 / HIGH}, "drawbox=t=10:c=white", 45, 0),
    ("mask_rectangle", {"size": [0.5, 0.5], "softness": 0.0},
     f"crop=iw/2:ih/2,pad={WIDE}:{HIGH}:(ow-iw)/2:(oh-ih)/2:black", 27, 0),
    ("crop", {"left": 0.25, "bottom": 0.5},
     f"crop=iw*3/4:ih/2:iw/4:0,pad={WIDE}:{HIGH}:iw/3:0:black", 30, 0),
    ("scale", {"horizontal": 0.5, "vertical": 0.5},
     f"scale=iw/2:ih/2:flags=area,pad={WIDE}:{HIGH}:(ow-iw)/2:(oh-ih)/2:black", 27, 0),
    ("offset", {"offset": [0.25, 0.0]},
     f"crop=iw*3/4:ih:0:0,pad={WIDE}:{HIGH}:iw/3:0:black", 30, 0),
    (
        "perspective",
        {"left_top": [0.1, 0.1], "right_top": [0.95, 0.0],
         "right_bottom": [0.9, 0.9], "left_bottom": [0.0, 1.0]},
        "perspective=0.1*W:0.1*H:0.95*W:0:0:H:0.9*W:0.9*H:sense=destination",
        26,
        60,
    ),
    ("letterbox", {"aspect": 480 / 238}, "crop=iw:238,pad=iw:270:0:16:black", 34, 0),
    ("rgb_split", {"amount": 6 / HIGH}, "rgbashift=rh=6:bh=-6:edge=smear", 33, 8),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "chain", "least", "margin"), BY_FFMPEG)
def test_an_effect_is_that_of_ffmpeg(
    kind: str, values: dict[str, Any], chain: str, least: float, margin: int
) -> None:
    made = seen(apply(kind, shown(FRAME), **values))
    wanted = ffmpeg([FRAME], f"format=gbrp,{chain}")
    one, other = (cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) for rgb in (made, wanted))
    assert likeness(one, other, margin) >= least


def film(time: Fraction) -> RGB:
    return sized(film_frame(int(time * 25)), (WIDE, HIGH))


def test_frame_blending_is_the_mean_that_ffmpeg_makes() -> None:
    frames = [film(Fraction(n, 25)) for n in range(22, 26)]
    wanted = ffmpeg(frames, "tmix=frames=4")
    made = apply("frame_blending", shown(frames[-1], then=film), frames=4).rgb
    assert likeness(made, wanted) >= 40
    assert likeness(made, frames[-1]) < 40


def test_an_open_shutter_is_the_mean_of_its_samples() -> None:
    made = apply("shutter", shown(film(Fraction(1)), then=film), angle=360.0, samples=2)
    # Half of a frame later is the same frame of this film.
    assert likeness(made.rgb, film(Fraction(1))) >= 40
    fast = apply(
        "shutter",
        shown(film(Fraction(1)), then=lambda t: film(t * 4)),
        angle=360.0,
        samples=4,
    )
    wanted = np.mean([film(Fraction(100 + n, 25)) for n in range(4)], axis=0)
    assert likeness(fast.rgb, wanted.astype(np.uint8)) >= 38


def test_an_echo_shows_old_frames_through_the_new_one() -> None:
    def flash(time: Fraction) -> RGB:
        level = 255 if time == Fraction(22, 25) else 0
        return np.full((HIGH, WIDE, 3), level, np.uint8)

    made = apply("echo", shown(flash(Fraction(1)), then=flash), frames=3, spacing=3)
    level = seen(made).mean() / 255
    assert 0.2 < level < 0.4


def test_deinterlacing_takes_the_combs_out_and_leaves_what_is_still() -> None:
    def wide(time: Fraction) -> RGB:
        # A wall with a bar that moves.
        base = FRAME.copy()
        left = 40 + int(time * 50) * 4
        base[60:200, left : left + 40] = 250
        return base

    def woven(time: Fraction) -> RGB:
        frame = wide(time).copy()
        frame[1::2] = wide(time + Fraction(1, 50))[1::2]
        return frame

    combed = woven(Fraction(1))
    made = apply("deinterlace", shown(combed, then=woven)).rgb
    assert likeness(made, wide(Fraction(1))) > likeness(combed, wide(Fraction(1))) + 5
    assert likeness(made[210:], FRAME[210:]) >= 42
    frames = [planes(woven(Fraction(n, 25))) for n in (24, 25, 26)]
    peer = ffmpeg(
        frames, "setfield=tff,yadif=mode=send_frame,trim=end_frame=2", "yuv420p"
    )
    own = luma(apply("deinterlace", shown(combed, then=woven)))
    assert likeness(own, peer[:HIGH], 4) >= 30


def test_sharpening_adds_what_a_blur_takes_away() -> None:
    y = luma(shown(FRAME)).astype(np.float64)
    soft = ndimage.gaussian_filter(y, 2, mode="nearest")
    wanted = np.clip(y + 0.8 * (y - soft), 0, 255)
    made = luma(apply("sharpen", shown(FRAME), amount=0.8, radius=2 / HIGH))
    assert likeness(made, wanted) >= 40


def test_motion_blur_is_the_mean_along_its_line() -> None:
    y = luma(shown(FRAME)).astype(np.float64)
    for angle, axis in ((0.0, 1), (90.0, 0)):
        wanted = ndimage.uniform_filter1d(y, 15, axis=axis, mode="nearest")
        made = luma(apply("motion_blur", shown(FRAME), length=15 / HIGH, angle=angle))
        assert likeness(made, wanted, 10) >= 38


def test_zoom_blur_is_the_mean_of_larger_copies() -> None:
    y = luma(shown(FRAME)).astype(np.float64)
    rows, columns = np.mgrid[:HIGH, :WIDE].astype(np.float64)
    total = np.zeros_like(y)
    for step in range(16):
        factor = 1 + 0.2 * step / 16
        x = (columns - (WIDE - 1) / 2) / factor + (WIDE - 1) / 2
        place = [(rows - (HIGH - 1) / 2) / factor + (HIGH - 1) / 2, x]
        total += ndimage.map_coordinates(y, place, order=1, mode="nearest")
    made = luma(apply("zoom_blur", shown(FRAME), amount=0.2))
    assert likeness(made, total / 16) >= 32


@pytest.mark.parametrize("outside", [False, True])
def test_a_region_is_blurred_and_the_rest_is_not(outside: bool) -> None:  # noqa: FBT001
    made = apply(
        "region_blur", shown(FRAME), size=[0.5, 0.5], sigma=0.05, outside=outside
    )
    soft = apply("gaussian_blur", shown(FRAME), sigma=0.05)
    middle, corner = (slice(100, 170), slice(160, 320)), (slice(0, 40), slice(0, 80))
    clear, hidden = (middle, corner) if outside else (corner, middle)
    assert likeness(made.rgb[hidden], soft.rgb[hidden]) >= 45
    assert likeness(made.rgb[clear], shown(FRAME).rgb[clear]) >= 40


def test_tilt_shift_is_sharp_in_its_band_alone() -> None:
    made = apply("tilt_shift", shown(FRAME), sigma=0.03).rgb
    soft = apply("gaussian_blur", shown(FRAME), sigma=0.03).rgb
    assert likeness(made[120:150], FRAME[120:150]) >= 38
    assert likeness(made[:30], soft[:30]) >= 42


def test_soft_focus_is_half_blur() -> None:
    soft = apply("gaussian_blur", shown(FRAME), sigma=0.02).rgb.astype(float)
    wanted = FRAME * 0.5 + soft * 0.5
    made = apply("soft_focus", shown(FRAME), amount=0.5, radius=0.02).rgb
    assert likeness(made, wanted) >= CHROMA


def test_denoising_brings_a_noisy_picture_nearer_to_the_clean_one() -> None:
    clean = np.asarray(cv2.GaussianBlur(FRAME, (0, 0), 2), np.uint8)
    noise = np.random.default_rng(1).normal(0, 8, FRAME.shape)
    noisy = np.clip(clean + noise, 0, 255).astype(np.uint8)
    made = apply("denoise", shown(noisy), strength=0.1, radius=0.008).rgb
    assert likeness(made, clean) > likeness(noisy, clean) + 2


@pytest.mark.parametrize("kind", ["grain", "noise"])
def test_noise_is_as_strong_as_it_says_and_falls_alike_again(kind: str) -> None:
    flat = np.full((1080, 1920, 3), 126, np.uint8)
    made = luma(apply(kind, shown(flat), amount=0.05)).astype(float)
    assert made.std() == pytest.approx(0.05 * 255, rel=0.15)
    again = luma(apply(kind, shown(flat), amount=0.05))
    assert (again == made).all()
    later = luma(apply(kind, shown(flat, Fraction(26, 25)), amount=0.05))
    assert likeness(later, made) < 30


def test_glow_spreads_light_and_adds_none_in_the_dark() -> None:
    dark = np.full((HIGH, WIDE, 3), 20, np.uint8)
    lamp = dark.copy()
    cv2.circle(lamp, (240, 135), 10, (255, 255, 255), -1)
    made = apply("glow", shown(lamp), radius=0.05).rgb.astype(int)
    light = np.zeros((HIGH, WIDE))
    light[np.asarray(lamp[..., 0] > 128)] = 255
    spread = ndimage.gaussian_filter(light, 0.05 * HIGH) * 0.5
    wanted = 255 - (255 - lamp[..., 0]) * (255 - spread) / 255
    assert likeness(made[..., 1], wanted) >= 34
    assert (apply("glow", shown(dark)).rgb == shown(dark).rgb).all()


def test_edges_are_where_the_slopes_are() -> None:
    made = luma(apply("edge", shown(FRAME))).astype(float)
    y = luma(shown(FRAME)).astype(np.float64)
    slope = ndimage.gaussian_gradient_magnitude(y, 1.0)
    assert np.corrcoef(made.ravel(), slope.ravel())[0, 1] > 0.8
    assert luma(apply("edge", shown(np.full_like(FRAME, 90)))).max() <= 17


def test_embossing_lights_one_side_of_an_edge_and_darkens_the_other() -> None:
    disc = np.zeros((540, 960, 3), np.uint8)
    cv2.circle(disc, (480, 270), 100, (255, 255, 255), -1)
    made = luma(apply("emboss", shown(disc), angle=0.0))
    assert made[270, 380] > 170
    assert made[270, 580] < 80
    assert abs(int(made[10, 10]) - 126) <= 1


def test_halftone_is_as_dark_as_what_it_stands_for() -> None:
    for level in (60, 128, 200):
        flat = np.full((540, 960, 3), level, np.uint8)
        made = apply("halftone", shown(flat)).planes[0]
        share = (made.astype(float) - 16).mean() / 219
        # The share of a cell that is light grows with the light.
        assert share == pytest.approx(level / 255, abs=0.15)
        assert made.max() > 220
        assert made.min() < 30


def test_scanlines_are_so_many_and_as_dark_as_said() -> None:
    flat = np.full((1080, 64, 3), 200, np.uint8)
    made = luma(apply("scanlines", shown(flat), lines=54, amount=0.5)).astype(float)
    row = made[:, 10] - 16
    power = np.abs(np.fft.rfft(row - row.mean()))
    assert int(power.argmax()) == 54
    assert row.min() / row.max() == pytest.approx(0.5, abs=0.02)


def test_a_cartoon_has_flat_colours_and_a_sketch_is_light() -> None:
    def flatness(rgb: RGB) -> float:
        """How much of it lies near one of the eight shades."""
        away = np.abs(rgb[..., None] - np.arange(8) * 255 / 7).min(axis=-1)
        return float((away < 9).mean())

    big = sized(film_frame(40), (960, 540))
    assert flatness(apply("cartoon", shown(big)).rgb) > flatness(big)
    made = luma(apply("sketch", shown(big)))
    assert made.mean() > 170
    assert (apply("sketch", shown(big)).planes[1] == 128).all()


def test_a_mirror_shows_one_half_twice() -> None:
    made = apply("mirror", shown(FRAME)).rgb
    assert likeness(made[:, :240], FRAME[:, :240]) >= 33
    assert likeness(made[:, 240:], made[:, :240][:, ::-1]) >= 50
    both = apply("mirror", shown(FRAME), axis="both", from_end=True).rgb
    assert likeness(both[135:, 240:], FRAME[135:, 240:]) >= 32
    assert likeness(both, both[::-1, ::-1]) >= 45


def warped(source: Callable[[Any, Any], tuple[Any, Any]], mode: str) -> Any:
    """The luma bent, by SciPy: where each pixel comes from, in heights."""
    rows, columns = np.mgrid[:HIGH, :WIDE].astype(np.float64)
    x, y = (columns + 0.5 - WIDE / 2) / HIGH, (rows + 0.5) / HIGH - 0.5
    u, v = source(x, y)
    place = [(v + 0.5) * HIGH - 0.5, u * HIGH + WIDE / 2 - 0.5]
    whole = luma(shown(FRAME)).astype(np.float64)
    way: Any = mode
    return ndimage.map_coordinates(whole, np.array(place), order=1, mode=way)


def _lens(x: Any, y: Any) -> tuple[Any, Any]:
    r2 = (x * x + y * y) / ((WIDE / HIGH) ** 2 + 1) * 4
    return x * (1 - 0.2 * r2), y * (1 - 0.2 * r2)


def _bulge(x: Any, y: Any) -> tuple[Any, Any]:
    inside = np.clip(1 - (x * x + y * y) / 0.25, 0, 1)
    return x * (1 - 0.5 * inside**2), y * (1 - 0.5 * inside**2)


def _wave(x: Any, y: Any) -> tuple[Any, Any]:
    # Half a turn a second, and a second has passed.
    return x + 0.01 * np.sin(2 * np.pi / 0.2 * y + np.pi), y


def _ripple(x: Any, y: Any) -> tuple[Any, Any]:
    r = np.hypot(x, y)
    shift = 0.008 * np.sin(2 * np.pi / 0.1 * r - 2 * np.pi) / r
    return x * (1 + shift), y * (1 + shift)


def _swirl(x: Any, y: Any) -> tuple[Any, Any]:
    turn = np.pi * np.clip(1 - np.hypot(x, y) / 0.5, 0, 1) ** 2
    whole = (x + 1j * y) * np.exp(1j * turn)
    return whole.real, whole.imag


def _kaleidoscope(x: Any, y: Any) -> tuple[Any, Any]:
    r, turn = np.hypot(x, y), np.arctan2(y, x)
    part = np.pi / 6
    folded = np.abs((turn + part) % (2 * part) - part)
    return r * np.cos(folded), r * np.sin(folded)


@pytest.mark.parametrize(
    ("kind", "source", "mode", "least"),
    [
        ("lens", _lens, "nearest", 40),
        ("bulge", _bulge, "nearest", 40),
        ("wave", _wave, "mirror", 40),
        ("ripple", _ripple, "mirror", 36),
        ("swirl", _swirl, "nearest", 36),
        ("kaleidoscope", _kaleidoscope, "mirror", 32),
    ],
)
def test_a_distortion_follows_its_formula(
    kind: str, source: Callable[[Any, Any], Any], mode: str, least: float
) -> None:
    assert likeness(luma(apply(kind, shown(FRAME))), warped(source, mode)) >= least


def test_a_vignette_is_darker_towards_the_corners_as_its_formula_says() -> None:
    rows, columns = np.mgrid[:HIGH, :WIDE].astype(np.float64)
    x, y = (columns + 0.5 - WIDE / 2) / HIGH, (rows + 0.5) / HIGH - 0.5
    share = np.clip((np.hypot(x, y) - 0.75) / 0.5 + 0.5, 0, 1)
    share = share**2 * (3 - 2 * share) * 0.5
    y_plane = luma(shown(FRAME)).astype(np.float64)
    wanted = y_plane * (1 - share) + 16 * share
    assert likeness(luma(apply("vignette", shown(FRAME))), wanted + 0.5) >= 45


def test_masks_are_those_that_pillow_draws() -> None:
    image = Image.new("L", (WIDE * 4, HIGH * 4))
    pen = ImageDraw.Draw(image)
    pen.ellipse([WIDE * 0.8, HIGH * 0.8, WIDE * 3.2, HIGH * 3.2], 255)
    wanted = np.asarray(image.resize((WIDE, HIGH), Image.Resampling.BOX))
    made = apply("mask_ellipse", shown(FRAME), softness=0.003).alpha
    assert likeness(made, wanted) >= 26
    image = Image.new("L", (WIDE * 4, HIGH * 4))
    corners = [(0.2, 0.1), (0.9, 0.4), (0.5, 0.95)]
    ImageDraw.Draw(image).polygon(
        [(x * WIDE * 4, y * HIGH * 4) for x, y in corners], 255
    )
    wanted = np.asarray(image.resize((WIDE, HIGH), Image.Resampling.BOX))
    made = apply(
        "mask_polygon", shown(FRAME), corners=[list(c) for c in corners], softness=0.0
    ).alpha
    assert likeness(made, wanted) >= 26
    upside = apply("mask_ellipse", shown(FRAME), softness=0.003, invert=True).alpha
    straight = apply("mask_ellipse", shown(FRAME), softness=0.003).alpha
    assert upside is not None
    assert straight is not None
    assert (upside.astype(int) + straight == 255).all()


def test_a_gradient_mask_goes_from_clear_to_seen() -> None:
    alpha = apply("mask_gradient", shown(FRAME), angle=0.0, softness=1.0).alpha
    assert alpha is not None
    x = (np.arange(WIDE) + 0.5 - WIDE / 2) / HIGH
    wanted = np.clip(0.5 + x, 0, 1) * 255
    assert alpha[100] == pytest.approx(wanted, abs=1.5)


def test_a_stencil_of_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "stencil.png"
    Image.fromarray(
        np.tile(np.linspace(0, 255, WIDE).astype(np.uint8), (HIGH, 1))
    ).save(path)
    alpha = apply("mask_image", shown(FRAME), path=str(path)).alpha
    assert alpha is not None
    assert alpha[50] == pytest.approx(np.linspace(0, 255, WIDE), abs=1.5)


def test_a_colour_key_clears_what_ffmpeg_clears_and_takes_spill_off() -> None:
    green = FRAME.copy()
    green[:, :200] = (20, 190, 40)
    values = {"color": "#14be28", "similarity": 0.12, "softness": 0.1}
    made = apply("chroma_key", shown(green), **values)
    # ffmpeg's distances are in shares of the diagonal, and these of the side.
    root = 2**0.5
    chain = f"chromakey=0x14be28:{0.12 / root}:{0.1 / root},alphaextract"
    peer = ffmpeg([green], f"format=yuva444p,{chain}")[..., 0]
    assert likeness(made.alpha, peer, 4) >= 25
    assert made.alpha is not None
    assert made.alpha[:, 20:180].max() == 0
    tinted = np.clip(FRAME * [0.8, 1.0, 0.8] + [0, 30, 0], 0, 255).astype(np.uint8)

    def greenness(rgb: RGB) -> float:
        return float((rgb[..., 1].astype(int) - rgb[..., [0, 2]].mean(axis=-1)).mean())

    keyed = apply(
        "chroma_key", shown(tinted), color="#00d000", spill=1.0, similarity=0.0
    )
    assert greenness(keyed.rgb) < greenness(tinted) - 5


def test_a_luma_key_is_that_of_ffmpeg() -> None:
    made = apply("luma_key", shown(FRAME), low=0.3, high=0.5).alpha
    y = luma(shown(FRAME)).astype(np.float64)
    wanted = np.clip(((y - 16) / 219 - 0.3) / 0.2, 0, 1) * 255
    assert likeness(made, wanted) >= 40


def test_a_shadow_lies_beside_what_is_seen_and_only_below_it() -> None:
    card = apply("mask_rectangle", shown(FRAME), size=[0.4, 0.4], softness=0.0)
    made = apply("drop_shadow", card, offset=[0.05, 0.05], blur=0.0, color="#000000ff")
    assert made.alpha is not None
    assert card.alpha is not None
    corner = made.alpha[200, 345], card.alpha[200, 345]
    assert corner == (255, 0)
    inside = card.alpha == 255
    assert likeness(made.rgb[inside], card.rgb[inside]) >= 33


def test_a_picture_in_a_picture_is_small_with_a_border() -> None:
    made = apply(
        "picture_in_picture", shown(FRAME), size=0.5, center=[0.5, 0.5], border=0.02
    )
    assert made.alpha is not None
    wide = int((made.alpha[135] > 128).sum())
    assert wide == pytest.approx(WIDE / 2 + 2 * 0.02 * HIGH, abs=2)
    small = sized(FRAME, (240, 134))
    assert likeness(seen(made)[70:200, 125:355], small[2:132, 5:235]) >= 22
    assert made.rgb[135, 240 - 122].min() > 200


def test_a_glitch_and_a_tape_are_alike_at_the_same_moment_and_not_at_another() -> None:
    for kind in (
        "glitch",
        "vhs",
        "dust_and_scratches",
        "flicker",
        "shake",
        "light_leak",
    ):
        one, again = (seen(apply(kind, shown(FRAME))) for _ in range(2))
        other = seen(apply(kind, shown(FRAME, Fraction(3))))
        assert (one == again).all(), kind
        assert likeness(one, other) < 48, kind
        assert likeness(one, FRAME) < 48, kind


def test_every_effect_is_looked_at_by_some_test() -> None:
    source = "".join(
        path.read_text() for path in Path(__file__).parent.glob("test_golden_*.py")
    )
    missed = [
        spec.kind
        for spec in catalog("picture")
        if spec.group != "looks"
        and not is_provided(spec.kind)
        and f'"{spec.kind}"' not in source
    ]
    assert not missed
