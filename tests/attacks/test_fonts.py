import struct
from pathlib import Path

import pytest
from attacks.fonts import draw_with_font, faults_of_fonts
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from timeline_nb.effects.titles import fonts
from timeline_nb.effects.titles.font_tables import count_codes
from timeline_nb.errors import CompositionError


def test_mutated_fonts_draw_or_are_refused_by_name() -> None:
    figures = faults_of_fonts(40, 1)
    assert not figures.faults, figures.faults
    assert figures.accepted > 5
    assert figures.refused > 5


@pytest.mark.whole
def test_hundreds_of_mutated_fonts() -> None:
    figures = faults_of_fonts(600, 2)
    assert not figures.faults, figures.faults


def _font(letters: list[int], path: Path) -> Path:
    """A font in which every letter is a square."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 500), (500, 500), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"g{code}" for code in letters)]
    build = FontBuilder(1000)
    build.setupGlyphOrder(names)
    build.setupCharacterMap({code: f"g{code}" for code in letters})
    build.setupGlyf(dict.fromkeys(names, square))
    build.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    build.setupHorizontalHeader(ascent=800, descent=-200)
    build.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    build.setupOS2()
    build.setupPost(keepGlyphNames=False)
    build.save(path)
    return path


def test_a_font_of_all_chinese_letters_is_honest(tmp_path: Path) -> None:
    # The Basic Multilingual Plane's ideographs and syllables, and Latin.
    letters = [*range(0x20, 0x250), *range(0x4E00, 0xA000), *range(0xAC00, 0xD7A4)]
    path = _font(letters, tmp_path / "cjk.ttf")
    draw_with_font(str(path))
    assert fonts.find_face(str(path)).has("\u4e2d")


def test_ranges_that_expand_to_all_letters_again_and_again_are_not_unpacked(
    tmp_path: Path,
) -> None:
    groups = b"".join(struct.pack(">LLL", 0, 0x10FFFF, 0) for _ in range(50_000))
    size = 16 + len(groups)
    table = struct.pack(">HHLLL", 12, 0, size, 0, 50_000) + groups
    cmap = struct.pack(">HHHHL", 0, 1, 3, 10, 12) + table
    assert count_codes(cmap) == 50_000 * 0x110000
    path = _font([65, 66], tmp_path / "bomb.ttf")
    with TTFont(path) as font:
        font.flavor = None
        font.tables["cmap"] = type(
            "Raw", (), {"compile": lambda *_: cmap, "tableTag": "cmap"}
        )()
        font.save(tmp_path / "bombed.ttf")
    face = fonts.find_face(str(tmp_path / "bombed.ttf"))
    assert not face.has("A")


@pytest.mark.parametrize("kind", ["woff", "large", "folder"])
def test_what_is_no_plain_font_is_refused_by_name(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _font([65], tmp_path / "font.ttf")
    if kind == "woff":
        # A compressed font may unpack to any size.
        with TTFont(path) as font:
            font.flavor = "woff"
            font.save(tmp_path / "woff.ttf")
        path = tmp_path / "woff.ttf"
    if kind == "large":
        monkeypatch.setenv("TIMELINE_NB_MAX_FONT_BYTES", "100")
    if kind == "folder":
        path = tmp_path / "folder.ttf"
        path.mkdir()
    with pytest.raises(CompositionError, match=path.name):
        draw_with_font(str(path))
