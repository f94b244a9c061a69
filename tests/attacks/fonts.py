"""Mutated fonts, with which a title is drawn."""

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from attacks.campaign import Figures, attack
from attacks.mutations import mutated

from timeline_nb.effects.catalog import find
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles import fonts
from timeline_nb.effects.titles.appearance import appearance_of
from timeline_nb.effects.titles.checks import check_text, text_faults, text_height
from timeline_nb.effects.titles.raster import rasterize
from timeline_nb.timeline.model import Effect

__all__ = ["draw_with_font", "faults_of_fonts"]

_PICTURE = (640, 360)


def draw_with_font(path: str) -> None:
    """Draw a title in a font, and the subtitle that a missing font would replace.

    Raises:
        CompositionError: The font cannot be used.
    """
    look = {"font": path, "outline": 0.01, "italic": True, "underline": True}
    for style in ({**look, "substitute": True}, look):
        check_text("Hello ÄÖ fi", style)
        text_height("Hello", style, _PICTURE)
        list(text_faults([("Hello", style)]))
        effect = Effect(kind="title", parameters=style)
        values = values_of(find("title", "generator"), effect).at(0)
        rasterize("Hello\nÄÖ fi", appearance_of(values, _PICTURE), 99)


def faults_of_fonts(count: int, seed: int) -> Figures:
    """Draw with `count` mutated fonts, and return what was counted."""
    with TemporaryDirectory() as name:
        return attack(draw_with_font, _mutations(Path(name), count, seed))


def _mutations(folder: Path, count: int, seed: int) -> Iterator[str]:
    faces = Path(fonts.__file__).with_name("faces")
    whole = [path.read_bytes() for path in sorted(faces.glob("*.ttf"))]
    for number in range(count):
        chance = random.Random(f"font {seed} {number}")
        path = folder / f"{number}.ttf"
        path.write_bytes(mutated(chance.choice(whole), chance))
        yield str(path)
        path.unlink()
