"""The names of the catalogue as types are those of the catalogue."""

from typing import get_args

from timeline_nb.effects import kinds
from timeline_nb.effects.catalog import find
from timeline_nb.effects.write_kinds import KINDS_PATH, kinds_source


def test_the_types_are_current() -> None:
    command = "run python -m timeline_nb.effects.write_kinds"
    assert KINDS_PATH.read_text() == kinds_source(), command


def test_effects_on_clips_are_one_type() -> None:
    names = [name for part in get_args(kinds.EffectKind) for name in get_args(part)]
    assert {"gaussian_blur", "reverb", "speed"} <= set(names)
    for name in get_args(kinds.PictureEffect):
        assert find(name, "picture").medium == "picture"
