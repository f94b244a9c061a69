"""Titles: letters of many scripts, looks, places, animations, and what is missing."""

import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from effects.pictures import likeness
from PIL import Image, ImageDraw, ImageFont

import timeline_nb as tl
from timeline_nb.effects.catalog import find
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles import fonts
from timeline_nb.effects.titles.animations import ANIMATIONS, animation_keyframes
from timeline_nb.effects.titles.line_breaking import Typesetting, break_lines
from timeline_nb.effects.titles.styles import SUBTITLE_STYLES
from timeline_nb.effects.titles.template_clips import template_clip
from timeline_nb.effects.titles.templates import TEMPLATES
from timeline_nb.errors import CompositionError
from timeline_nb.timeline.model import Clip, Effect

SIZE = (960, 540)


def title(text: str, **style: Any) -> Picture:
    spec = find("title", "generator")
    effect = Effect(kind="title", parameters={"text": text, **style})
    moment = Moment(Fraction(0), Fraction(1, 25))
    made: Picture = spec.make(moment, SIZE, **values_of(spec, effect).at(0))
    return made


def alpha_of(text: str, **style: Any) -> Any:
    alpha = title(text, **style).alpha
    assert alpha is not None
    return alpha


def box(alpha: Any) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(alpha > 100)
    return columns.min(), rows.min(), columns.max(), rows.max()


def test_letters_are_those_that_pillow_paints() -> None:
    path = fonts.find_face("DejaVu Sans").path
    font = ImageFont.truetype(path, 54, layout_engine=ImageFont.Layout.RAQM)
    image = Image.new("L", SIZE)
    ImageDraw.Draw(image).text((480, 270), "Waver & Avila", 255, font, anchor="mm")
    left, top, right, bottom = box(np.asarray(image))
    own = alpha_of("Waver & Avila", size=0.1)
    x, y, u, v = box(own)
    assert (u - x, v - y) == pytest.approx((right - left, bottom - top), abs=1)
    wanted = np.asarray(image)[top : bottom + 1, left : right + 1]
    assert likeness(own[y : v + 1, x : u + 1], wanted[: v - y + 1, : u - x + 1]) >= 24


@pytest.mark.parametrize(
    "text",
    ["Überfluß çà", "Съешь ещё", "Ξεσκεπάζω", "שלום עולם", "مرحبا بالعالم", "é ṩ n̈"],
)
def test_the_font_of_the_package_has_the_scripts_it_promises(text: str) -> None:
    face = fonts.find_face(fonts.DEFAULT)
    assert "faces" in face.path
    runs = fonts.faces_for(text, face)
    assert {own.path for _, own in runs} == {face.path}
    assert alpha_of(text).max() == 255


def test_arabic_letters_are_joined_and_read_from_the_right() -> None:
    face = fonts.find_face(fonts.DEFAULT)
    kind = Typesetting(face, 100)
    (joined,) = break_lines("سلام", kind, 1e9)
    apart = sum(break_lines(letter, kind, 1e9)[0].width for letter in "سلام")
    assert joined.is_rtl
    assert joined.width < apart * 0.95
    # What is read first stands at the right.
    first = alpha_of("אבגדה", reveal=0.4, size=0.2)
    whole = alpha_of("אבגדה", size=0.2)
    assert box(first)[2] == pytest.approx(box(whole)[2], abs=8)
    assert box(first)[0] > box(whole)[0] + 40


def test_marks_that_combine_stand_over_their_letters() -> None:
    plain, marked = alpha_of("e", size=0.4), alpha_of("e\u0301", size=0.4)
    assert unicodedata.normalize("NFC", "e\u0301") == "\u00e9"
    assert abs(box(marked)[2] - box(plain)[2]) <= 2
    assert likeness(marked, alpha_of("\u00e9", size=0.4)) >= 30


def test_a_letter_that_no_font_has_is_named_with_its_script() -> None:
    with pytest.raises(CompositionError, match=r"Tibetan|TIBETAN|Cuneiform|CUNEIFORM"):
        title("a \U00012000")
    with pytest.raises(CompositionError, match=r"no font 'Dejavu Snas'.*DejaVu Sans"):
        title("a", font="Dejavu Snas")
    with pytest.raises(CompositionError, match=r"a\.ttf cannot be read: No such file"):
        title("a", font="/nowhere/a.ttf")


def test_other_fonts_serve_where_the_first_lacks_a_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bold = fonts.find_face(fonts.DEFAULT, bold=True)
    plain = fonts.find_face(fonts.DEFAULT)
    monkeypatch.setattr(
        fonts.Face, "has", lambda self, letter: (letter == "B") == (self == bold)
    )
    fonts._face_with.cache_clear()
    runs = fonts.faces_for("aBc", plain)
    fonts._face_with.cache_clear()
    assert runs == [("a", plain), ("B", bold), ("c", plain)]


def test_a_look_is_painted_layer_by_layer() -> None:
    plain = box(alpha_of("HHH", size=0.2))
    lined = box(alpha_of("HHH", size=0.2, outline=0.02))
    assert lined[0] == pytest.approx(plain[0] - 0.02 * 540, abs=2)
    shaded = alpha_of("HHH", size=0.2, shadow=[0.1, 0.1], shadow_color="#000000ff")
    assert box(shaded)[2] == pytest.approx(plain[2] + 54, abs=2)
    boxed = title("HHH", size=0.2, box_color="#ff0000", box_padding=0.05)
    assert boxed.alpha is not None
    left, top, _, _ = box(boxed.alpha)
    assert left == pytest.approx(plain[0] - 27, abs=14)
    assert boxed.rgb[top + 4, left + 4].tolist() == [255, 0, 0]
    slanted = alpha_of("H", size=0.4, italic=True)
    columns = [np.nonzero(row > 100)[0].min() for row in slanted if row.max() > 100]
    assert columns[0] > columns[-1] + 20
    heavy = alpha_of("HHH", size=0.2, bold=True)
    assert (heavy > 100).sum() > (alpha_of("HHH", size=0.2) > 100).sum() * 1.2


@pytest.mark.parametrize(
    ("anchor", "position"),
    [("middle", [0.5, 0.5]), ("top left", [0.1, 0.1]), ("bottom right", [0.9, 0.9])],
)
def test_text_lies_where_its_anchor_says(anchor: str, position: list[float]) -> None:
    style = {"box_color": "#ffffff", "box_padding": 0.0, "anchor": anchor}
    left, top, right, bottom = box(alpha_of("Hello", position=position, **style))
    x, y = position[0] * SIZE[0], position[1] * SIZE[1]
    found = {
        "middle": ((left + right) / 2, (top + bottom) / 2),
        "top left": (left, top),
        "bottom right": (right, bottom),
    }[anchor]
    assert found == pytest.approx((x, y), abs=2)


def test_lines_break_where_they_must_and_stand_as_they_are_asked_to() -> None:
    text = "one two three four five six"
    one, several = (box(alpha_of(text, size=0.06, width=w)) for w in (0.9, 0.3))
    assert several[3] - several[1] > 2 * (one[3] - one[1])
    assert several[2] - several[0] <= 0.3 * SIZE[0] + 2
    left = alpha_of("aa\naaaaaa", align="left", size=0.1)
    right = alpha_of("aa\naaaaaa", align="right", size=0.1)
    assert box(left[:270])[0] < box(right[:270])[0] - 40
    spaced = box(alpha_of("a\na", line_spacing=2.0))
    tight = box(alpha_of("a\na"))
    assert spaced[3] - spaced[1] > 1.8 * (tight[3] - tight[1]) - 20


def test_parts_of_a_text_look_otherwise() -> None:
    plain = alpha_of("HHHH", size=0.2)
    bold = alpha_of("HHHH", size=0.2, spans=[{"start": 2, "end": 4, "bold": True}])
    half = box(plain)[0], (box(plain)[0] + box(plain)[2]) // 2
    assert box(bold)[2] - box(bold)[0] > box(plain)[2] - box(plain)[0]
    assert half[0] > box(bold)[0]
    lined = alpha_of(
        "HHHH", size=0.2, spans=[{"start": 0, "end": 2, "underline": True}]
    )
    low = np.nonzero((lined[box(plain)[3] + 3 :] > 100).any(axis=0))[0]
    assert (low.min(), low.max()) == pytest.approx(half, abs=12)
    struck = alpha_of("    ", size=0.2, strikeout=True)
    x, y, u, v = box(struck)
    assert v - y < 0.03 * 540 < 0.1 * 960 < u - x
    leaning = alpha_of("HH", size=0.4, spans=[{"start": 1, "end": 2, "italic": True}])
    rows = [np.nonzero(row > 100)[0] for row in leaning if row.max() > 100]
    # The one letter stands upright, the other leans by 12 degrees.
    assert rows[2].min() == pytest.approx(rows[-3].min(), abs=1)
    slant = rows[2].max() - rows[-3].max()
    assert slant == pytest.approx(0.21 * len(rows), abs=4)
    for spans in ([{"start": 1}], [{"start": 0, "end": 1, "size": 2}], ["x"], 3):
        with pytest.raises(CompositionError, match="'spans'"):
            title("a", spans=spans)


def test_what_no_font_has_is_a_box_where_that_is_asked_for() -> None:
    assert alpha_of("\U00012000", substitute=True, font="Dejavu Snas").max() == 255
    assert title("\U00012000" * 5000, substitute=True, size=1.0).alpha is not None
    wide = box(alpha_of("x" * 300, substitute=True, width=0.5))
    assert wide[2] - wide[0] <= 0.5 * SIZE[0] + 2


def test_small_and_large_titles_agree() -> None:
    spec = find("title", "generator")
    effect = Effect(kind="title", parameters={"text": "Agree", "outline": 0.01})
    values = values_of(spec, effect).at(0)
    moment = Moment(Fraction(0), Fraction(1, 25))
    import cv2

    large, small = (spec.make(moment, s, **values) for s in ((1920, 1080), (640, 360)))
    shrunk = cv2.resize(large.alpha, (640, 360), interpolation=cv2.INTER_AREA)
    assert likeness(shrunk, small.alpha) >= 32


@pytest.mark.parametrize("name", list(ANIMATIONS))
def test_an_animation_comes_and_goes_in_its_time(name: str) -> None:
    style: dict[str, Any] = {"text": "AutomatedReader", "size": 0.1}
    keys = animation_keyframes(name, style, start=Fraction(0), duration=Fraction(4))
    spec = find("title", "generator")
    values = values_of(spec, Effect(kind="title", parameters=style, keyframes=keys))

    def letter_style(time: float) -> float:
        moment = Moment(Fraction(time), Fraction(1, 25), moves=True)
        alpha = spec.make(moment, SIZE, **values.at(time)).alpha
        return float(alpha.mean())

    assert letter_style(2.6) > 1
    assert letter_style(0.0) < 0.8 * letter_style(2.6)


@pytest.mark.parametrize("name", list(TEMPLATES))
def test_a_template_takes_its_parameters(name: str) -> None:
    rate, size = Fraction(25), SIZE
    clip = template_clip(name, rate=rate, size=size, **TEMPLATES[name].samples)
    own: dict[str, Any] = dict.fromkeys(TEMPLATES[name].samples, "Other")
    other = template_clip(name, rate=rate, size=size, duration=Fraction(2), **own)
    assert clip.media.timeline != other.media.timeline
    assert other.duration == 2
    edit = tl.Edit("x", rate=25, size=size)
    edit.titles.template(name, start=0, **own)
    middle = edit.frame(float(clip.duration) / 2)
    assert middle.max() > 150
    with pytest.raises(CompositionError, match="no parameter 'hue'"):
        template_clip(name, rate=rate, size=size, hue="red", **own)
    with pytest.raises(CompositionError, match=f"needs '{next(iter(own))}'"):
        template_clip(name, rate=rate, size=size)


def test_a_lower_third_without_a_role_draws_the_name_alone() -> None:
    clip = template_clip("lower_third_bar", rate=Fraction(25), size=SIZE, name="Ada")
    assert clip.media.timeline is not None
    titles = [
        item.name
        for track in clip.media.timeline.tracks
        for item in track.items
        if isinstance(item, Clip) and item.media.generator is not None
        if item.media.generator.kind == "title"
    ]
    assert titles == ["Ada"]
    edit = tl.Edit("x", rate=25, size=SIZE)
    edit.titles.template("lower_third_bar", start=0, name="Hll", bar="navy")
    frame = edit.frame("2s")
    letters = np.nonzero((frame.min(axis=2) > 200).any(axis=1))[0]
    bar = np.nonzero(frame[:, 5, 2] > 60)[0]
    # The name lies in the middle of its bar.
    assert abs(letters.mean() - bar.mean()) <= 0.01 * SIZE[1]


def test_there_are_as_many_styles_and_templates_as_an_editor_expects() -> None:
    assert len(SUBTITLE_STYLES) >= 12
    assert {made.group for made in TEMPLATES.values()} >= {
        "intro",
        "lower third",
        "outro",
    }
    looks = set()
    for style in SUBTITLE_STYLES.values():
        values = {"position": [0.5, 0.9], "anchor": "bottom", "outline": 0.004, **style}
        picture = title("Subtitle", **values)
        assert picture.alpha is not None
        looks.add(picture.rgb.tobytes() + picture.alpha.tobytes())
    assert len(looks) == len(SUBTITLE_STYLES)


def test_a_title_lies_over_the_film(bikes: Path, tmp_path: Path) -> None:
    studio = tl.open_studio(tl.Settings(cache_dir=tmp_path))
    media = tl.open(bikes, studio=studio)
    edit = tl.Edit("t", rate=25, size=(640, 272), studio=studio)
    edit.append(media.clip("1s", "3s"))
    plain = edit.frame("1s")
    edit.titles.add("Amsterdam", start="0.5s", end="1.5s", size=0.2, animation="fade")
    assert likeness(edit.frame("1s"), plain) < 22
    assert (edit.frame("1.8s") == edit.frame("1.8s")).all()
    edit.subtitles.add("A street", start=0, end="2s", color="#ff0000")
    low = edit.frame("1.8s")[230:262]
    reds = low[..., 0].astype(int) - low[..., 1] > 70
    assert reds.sum() > 60


def test_a_font_file_that_was_replaced_is_drawn_anew(tmp_path: Path) -> None:
    faces = Path(fonts.find_face("DejaVu Sans").path).parent
    font = tmp_path / "mine.ttf"

    def drawn(name: str) -> Any:
        font.write_bytes((faces / name).read_bytes())
        return alpha_of("Bold?", font=str(font))

    thin, bold = drawn("DejaVuSans.ttf"), drawn("DejaVuSans-Bold.ttf")
    assert np.sum(bold, dtype=np.int64) > 1.2 * np.sum(thin, dtype=np.int64)
    assert np.array_equal(drawn("DejaVuSans.ttf"), thin)


def test_outlines_and_shadows_keep_their_color_to_the_edge() -> None:
    style = {"outline": 0.03, "outline_color": "#ff0000", "shadow_color": "#00ff00"}
    drawn = title("HH", size=0.2, shadow=[0.3, 0.3], rotation_deg=30, **style)
    assert drawn.alpha is not None
    seen = drawn.alpha > 200
    # White letters, a red outline, a green shadow: nothing of it is black.
    assert drawn.rgb[seen].max(1).min() > 150
    assert {tuple(color) for color in drawn.rgb[seen]} >= {(255, 0, 0), (0, 255, 0)}
