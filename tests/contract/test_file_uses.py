"""Every path of a project is known: a new field or parameter cannot be forgotten."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from timeline_nb.compose.file_uses import file_uses, with_paths
from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.chain import SOURCED
from timeline_nb.effects.parameters import file, font, text
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.spec import Spec, values_of
from timeline_nb.errors import TimelineNbError
from timeline_nb.project.document import ProjectFile
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import limits
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Keyframe,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transition,
)

SPAN = TimeRange(Fraction(0), Fraction(1))


def _fields(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a struct, and of all structs that it may hold."""
    waiting, seen = [kind], set[type]()
    while waiting:
        own = waiting.pop()
        if own in seen:
            continue
        seen.add(own)
        for name, hint in get_type_hints(own, include_extras=True).items():
            yield f"{own.__name__}.{name}", hint
            waiting += [part for part in _parts(hint) if _is_struct(part)]


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint):
        yield from _parts(part)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def test_each_text_of_the_model_is_a_name_a_text_or_a_known_path() -> None:
    """A new field that holds text has to say whether it is a path."""
    paths, plain = [], []
    for name, hint in _fields(ProjectFile):
        if hint == limits.PathText:
            paths.append(name)
        elif any(part is str for part in _bare(hint)):
            plain.append(name)
    assert paths == ["MediaReference.path"]
    # Text that is bounded by no type of `timeline/limits.py` might be anything.
    assert plain == []


def _bare(hint: Any) -> Iterator[Any]:
    """Yield the types of a hint that no `Annotated` bounds, keys of dicts left out."""
    if get_origin(hint) is Annotated:
        return
    arguments = get_args(hint)
    if get_origin(hint) is dict:
        arguments = arguments[1:]
    if not arguments:
        yield hint
    for part in arguments:
        yield from _bare(part)


def _timelines(path: str) -> dict[str, Timeline]:
    """Return a timeline for each place of a path that the model and effects have."""
    blank = Timeline(name="a", rate=Fraction(25), size=(64, 48))

    def on_track(*items: Any, **fields: Any) -> Timeline:
        track = Track(kind="video", name="V1", items=items, **fields)
        return replace(blank, tracks=(track,))

    def clip(**fields: Any) -> Clip:
        plain = MediaReference(generator=Effect(kind="solid"))
        own = {"id": "c1", "source_range": SPAN, "media": plain, **fields}
        return Clip(**own)

    own = MediaReference(path=path)
    nested = MediaReference(timeline=on_track(clip(media=own)))
    made = {
        "media": on_track(clip(media=own)),
        "media nested": on_track(clip(media=nested)),
    }
    for spec in catalog():
        for name, parameter in spec.parameters.items():
            if not parameter.names_file:
                continue
            effect = Effect(kind=spec.kind, parameters={name: path})
            place = f"{spec.medium} {spec.kind}.{name}"
            if spec.medium in {"transition", "crossfade"}:
                half = Fraction(1, 10)
                joint = Transition(kind=spec.kind, in_offset=half, out_offset=half)
                joint = replace(joint, parameters=effect.parameters)
                made[place] = on_track(clip(), joint, clip(id="c2"))
                continue
            if spec.medium == "generator":
                shown = MediaReference(generator=effect)
                made[place] = on_track(clip(media=shown))
                continue
            keys = (Keyframe(time=Fraction(0), value=path),)
            moved = Effect(kind=spec.kind, keyframes={name: keys})
            made[f"{place} of a clip"] = on_track(clip(effects=(effect,)))
            made[f"{place} in a keyframe"] = on_track(clip(effects=(moved,)))
            made[f"{place} of a track"] = on_track(effects=(effect,))
            made[f"{place} of the timeline"] = replace(blank, effects=(effect,))
    line = Subtitle(id="s1", text="a", duration=Fraction(1), style={"font": path})
    made["style of a subtitle"] = on_track(line)
    made["style of a track"] = on_track(style={"font": path})
    return made


@pytest.mark.parametrize("place", _timelines("a.ttf"))
def test_each_place_of_a_path_is_listed_and_can_be_moved(place: str) -> None:
    timeline = _timelines("/far/away.ttf")[place]
    assert [use.path for use in file_uses(timeline)] == ["/far/away.ttf"]
    moved = with_paths(timeline, lambda path: path.replace("/far/", "/near/"))
    assert [use.path for use in file_uses(moved)] == ["/near/away.ttf"]
    assert "/far/" not in str(msgspec.to_builtins(moved, enc_hook=str))
    assert with_paths(timeline, lambda path: path) is timeline


def test_places_of_the_catalog_are_those_known() -> None:
    """Tables of colors, masks and fonts; whoever adds one reads this list."""
    named = {
        f"{spec.kind}.{name}"
        for spec in catalog()
        for name, parameter in spec.parameters.items()
        if parameter.names_file and spec.make.__module__.startswith("timeline_nb.")
    }
    assert named == {"lut.path", "mask_image.path", "title.font"}


_opened: list[str] | None = None


def _note_open(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _opened is not None:
        _opened.append(str(arguments[0]))


sys.addaudithook(_note_open)


def _opens(spec: Spec, name: str, value: str) -> bool:
    """Run an effect with a value of a text parameter; say whether it opens that."""
    global _opened  # noqa: PLW0603 - an audit hook cannot be removed
    effect = Effect(kind=spec.kind, parameters={name: value})
    moment = Moment(Fraction(0), Fraction(1, 25))
    _opened = []
    with suppress(TimelineNbError, ValueError, TypeError, ArithmeticError):
        values = values_of(spec, effect).at(Fraction(0))
        if spec.medium == "generator":
            spec.make(moment, (64, 48), **values)
        elif spec.medium == "picture":
            black = np.zeros((48, 64, 3), np.uint8)
            spec.make(Picture(rgb=black, moment=moment), **values)
    found, _opened = value in _opened, None
    return found


def test_no_other_text_of_an_effect_is_opened(tmp_path: Path) -> None:
    """An effect that opens a text which is not declared a file is found here."""
    files = [tmp_path / f"file{suffix}" for suffix in (".ttf", ".png", ".cube", ".txt")]
    for path in files:
        Image.new("L", (8, 8)).save(path, "PNG")
    tried = 0
    for spec in catalog():
        for name, parameter in spec.parameters.items():
            if parameter.kind not in {"text", "spans"} or parameter.names_file:
                continue
            for path in files:
                tried += 1
                assert not _opens(spec, name, str(path)), f"{spec.kind}.{name}"
    assert tried
    # The search itself: the font of a title is opened.
    (title,) = (spec for spec in catalog("generator") if spec.kind == "title")
    assert _opens(title, "font", str(files[0]))


def test_a_font_is_a_path_only_with_a_suffix_of_one() -> None:
    assert font("a").file_of("DejaVu Sans") is None
    assert font("a").file_of("x/Own.OTF") == "x/Own.OTF"
    assert file().file_of("DejaVu Sans") == "DejaVu Sans"
    assert file().file_of("") is None
    assert text("a").file_of("a.ttf") is None


def test_effects_of_source_frames_take_no_files() -> None:
    """They are no specs of the catalog, so that their parameters are listed here."""
    assert set(SOURCED) == {"redaction", "reframe", "stabilize"}
