"""The inspector and the effects browser: each request is the edit of a cell's call."""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from timelines import three_clips
from widgets.wire import Wire

import timeline_nb as tl
from timeline_nb.preview.jpeg import JpegDecoder
from timeline_nb.timeline.model import Effect
from timeline_nb.timeline.queries import clip_of, effects_of

Change = Callable[[tl.Edit], None]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(
        tl.Settings(data_dir=tmp_path / "data", roots=(tmp_path,))
    ) as s:
        yield s


@pytest.fixture
def cut(studio: tl.Studio) -> tl.Edit:
    return tl.Edit(timeline=three_clips(has_audio=True), studio=studio)


@pytest.fixture
def wire(cut: tl.Edit, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire(tl.Editor(cut), monkeypatch)
    wire.hello()
    yield wire
    wire.widget.close()


def ask(wire: Wire, kind: str, **fields: Any) -> None:
    answer = wire.ask(kind, **fields)
    assert answer["kind"] == "done", answer


# Clips c1, c3, c5 of 4, 3 and 2 s from 0, and their sound c2, c4, c6.
GESTURES: list[tuple[str, dict[str, Any], Change]] = [
    (
        "addEffect",
        {"owners": ["c1"], "effect": "sepia"},
        lambda t: t.effects.add("c1", "sepia"),
    ),
    (
        # The sound that is linked takes an effect on sound.
        "addEffect",
        {"owners": ["c1"], "effect": "reverb"},
        lambda t: t.effects.add("c2", "reverb"),
    ),
    (
        "addEffect",
        {"owners": ["c1", "c2", "c3", "c4"], "effect": "sepia"},
        lambda t: t.effects.add_all(["c1", "c3"], [Effect(kind="sepia")]),
    ),
    ("retime", {"items": ["c1", "c2"], "speed": 2.0}, lambda t: t.speed("c1", 2)),
    ("retime", {"items": ["c3"], "speed": -1.0}, lambda t: t.speed("c3", -1)),
    (
        "freezeFrame",
        {"item": "c1", "atS": 1.0, "durationS": 2.0},
        lambda t: t.freeze("c1", at="1s", duration="2s"),
    ),
    (
        "setClips",
        {"items": ["c1"], "pan": 0.5, "blend": "screen"},
        lambda t: t.set(
            "c1",
            pan=0.5,
            transform=tl.Transform(blend="screen"),
        ),
    ),
    (
        "keyframeClip",
        {"item": "c1", "parameter": "opacity", "atS": 1.0},
        lambda t: t.effects.animate("c1", "opacity", {"1s": 1.0}),
    ),
]


@pytest.mark.parametrize(("kind", "fields", "change"), GESTURES)
def test_a_request_is_one_step_and_a_cells_call(
    wire: Wire, cut: tl.Edit, kind: str, fields: dict[str, Any], change: Change
) -> None:
    twin = tl.Edit(timeline=cut.timeline)
    change(twin)
    ask(wire, kind, **fields)
    assert cut.timeline == twin.timeline
    assert len(cut.session.steps_made) == 1


def test_the_code_of_an_effect_on_many_clips_repeats_it(
    wire: Wire, cut: tl.Edit
) -> None:
    begin = cut.timeline
    ask(wire, "addEffect", owners=["c1", "c3"], effect="sepia")
    twin = tl.Edit(timeline=begin)
    exec(cut.history.script(), {"cut": twin, "tl": tl})  # noqa: S102 - it is what is tested
    assert twin.timeline == cut.timeline


def test_order_reset_and_keyframes(wire: Wire, cut: tl.Edit) -> None:
    cut.effects.add("c1", "sepia", amount=0.5)
    cut.effects.add("c1", "vignette")
    ask(wire, "moveEffect", owner="c1", number=1, place=0)
    assert [e.kind for e in cut.effects.of("c1")] == ["vignette", "sepia"]
    wire.widget.playhead = 1.0
    for at_s in (1.0, 3.0):
        fields = {"owner": "c1", "number": 1, "parameter": "amount", "atS": at_s}
        ask(wire, "keyframeEffect", **fields)
    ask(
        wire,
        "easeKeyframe",
        owner="c1",
        number=1,
        parameter="amount",
        atS=1.0,
        interpolation="ease_in",
    )
    keys = cut.effects.of("c1")[1].keyframes["amount"]
    # The clip's media begins at 10 s.
    assert [(float(k.time), k.interpolation) for k in keys] == [
        (11.0, "ease_in"),
        (13.0, "linear"),
    ]
    wire.widget.selection = ["c1"]
    shown, _ = wire.last("effects")
    (amount,) = shown["effects"][1]["parameters"]
    assert [key["atS"] for key in amount["keys"]] == [1.0, 3.0]
    assert (amount["unit"], amount["factor"], amount["label"]) == ("%", 100, "Amount")
    ask(wire, "changeEffect", owner="c1", number=1, parameter="amount", reset=True)
    assert cut.effects.of("c1")[1] == Effect(kind="sepia")


def test_a_draft_is_shown_and_makes_no_step(wire: Wire, cut: tl.Edit) -> None:
    editor = wire.widget
    assert isinstance(editor, tl.Editor)
    change = {"kind": "setClips", "id": 0, "view": "v", "items": ["c1"], "scale": 2.0}
    ask(wire, "draft", change=change)
    shown = editor._shown(cut.timeline)
    assert clip_of(shown, "c1").transform.scale == 2.0
    assert clip_of(cut.timeline, "c1").transform.scale == 1.0
    assert not cut.session.steps_made
    ask(wire, "setClips", items=["c1"], scale=3.0)
    # What was dragged is gone with the step.
    assert editor._shown(cut.timeline) == cut.timeline
    ask(wire, "draft", change={**change, "scale": 4.0})
    ask(wire, "draft")
    assert editor._shown(cut.timeline) == cut.timeline


def test_attributes_are_pasted_in_one_step(wire: Wire, cut: tl.Edit) -> None:
    cut.effects.add("c1", "sepia")
    cut.effects.add("c1", "vignette")
    cut.effects.animate("c1", "sepia.amount", {0: 0.0, "1s": 1.0})
    cut.set("c1", transform=tl.Transform(scale=2.0))
    count = len(cut.session.steps_made)
    ask(
        wire,
        "pasteAttributes",
        source="c1",
        items=["c3", "c5"],
        effects=[0],
        attributes=["transform"],
    )
    assert len(cut.session.steps_made) == count + 1
    for item, begin in (("c3", 20), ("c5", 30)):
        clip = clip_of(cut.timeline, item)
        assert [effect.kind for effect in clip.effects] == ["sepia"]
        keys = clip.effects[0].keyframes["amount"]
        # From each clip's own start.
        assert [float(key.time) for key in keys] == [begin, begin + 1]
        assert clip.transform.scale == 2.0


def test_presets_are_saved_applied_and_shared(
    wire: Wire, cut: tl.Edit, tmp_path: Path
) -> None:
    cut.effects.add("c1", "sepia")
    cut.effects.animate("c1", "sepia.amount", {0: 0.0, "1s": 1.0})
    cut.effects.add("c2", "reverb")
    ask(wire, "savePreset", owner="c1", numbers=[0], name="Old film")
    (shown,) = wire.last("presets")[0]["presets"]
    assert shown == {"name": "Old film", "labels": ["Sepia"], "hasKeyframes": True}
    ask(wire, "applyPreset", name="old FILM", owners=["c3", "c4"])
    keys = effects_of(cut.timeline, "c3")[0].keyframes["amount"]
    assert [float(key.time) for key in keys] == [20, 21]
    text = wire.ask("exportPreset", name="Old film")["text"]
    assert json.loads(text)["effects"][0]["kind"] == "sepia"
    ask(wire, "removePreset", name="Old film")
    assert wire.last("presets")[0]["presets"] == []
    ask(wire, "importPreset", text=text)
    assert [p.name for p in cut.effects.presets] == ["Old film"]
    cut.effects.presets.export("Old film", tmp_path / "film.json")
    assert (tmp_path / "film.json").read_text() == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{}", "no preset of effects"),
        ("[" * 5000, "no preset of effects"),
        ('{"name":"x","effects":[{"kind":"blurr"}]}', "blurr"),
        (
            '{"name":"x","effects":[{"kind":"sepia","parameters":{"amount":9}}]}',
            "amount",
        ),
        ('{"name":"x","effects":[{"kind":"speed"}]}', "cannot be shared"),
        ('{"name":"","effects":[{"kind":"sepia"}]}', "no preset of effects"),
    ],
)
def test_a_file_that_is_no_preset_is_refused(wire: Wire, text: str, says: str) -> None:
    answer = wire.ask("importPreset", text=text)
    assert answer["kind"] == "refused"
    assert says in answer["message"]
    assert wire.last("presets")[0]["presets"] == []


def test_samples_show_what_a_kind_does(cut: tl.Edit) -> None:
    from timeline_nb.preview.samples import SampleMaker

    maker = SampleMaker(lambda: cut.studio.frame_composer)

    def shown(name: str) -> np.ndarray[Any, Any]:
        jpeg = maker.sample(cut.timeline, name, "", Fraction(0))
        return JpegDecoder().decode(jpeg).to_ndarray(format="rgb24").astype(int)

    plain, gray = shown("none:"), shown("picture:black_and_white")
    assert gray.shape == plain.shape == (90, 160, 3)
    assert np.ptp(plain, axis=2).mean() > 20
    assert np.ptp(gray, axis=2).mean() < 3
    assert np.abs(shown("transition:dissolve") - plain).mean() > 5
    assert shown("generator:solid").mean() < 3
    assert shown("template:chapter").std() > 5


def test_favorites_are_kept(wire: Wire, studio: tl.Studio) -> None:
    ask(wire, "setFavorite", kindName="picture:sepia", isFavorite=True)
    assert wire.last("catalog")[0]["favorites"] == ["picture:sepia"]
    from timeline_nb.effects.favorites import Favorites

    again = Favorites(studio.settings.data_dir / "favorite_effects.json")
    assert again.all() == ["picture:sepia"]
    ask(wire, "setFavorite", kindName="picture:sepia", isFavorite=False)
    assert wire.last("catalog")[0]["favorites"] == []


def test_many_clips_have_no_effects_of_one(wire: Wire, cut: tl.Edit) -> None:
    cut.effects.add(None, "sepia")
    cut.effects.add("c1", "vignette")
    wire.widget.selection = ["c1", "c3"]
    shown, _ = wire.last("effects")
    assert (shown["owner"], shown["owners"]) == ("", ["c1", "c3"])
    assert shown["effects"] == []
    wire.widget.selection = []
    shown, _ = wire.last("effects")
    assert [effect["label"] for effect in shown["effects"]] == ["Sepia"]


def test_lut_files_below_the_roots_are_found(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "looks" / ".hidden").mkdir(parents=True)
    for name in ("looks/Warm.cube", "looks/.hidden/No.cube", "looks/notes.txt"):
        (tmp_path / name).write_text("")
    ask(wire, "listLuts")
    _wait_for(lambda: any(c["kind"] == "luts" for c, _ in wire.told))
    (lut,) = wire.last("luts")[0]["luts"]
    assert lut == {"path": str(tmp_path / "looks" / "Warm.cube"), "name": "Warm"}


def _wait_for(check: Callable[[], bool]) -> None:
    import threading

    ready = threading.Event()
    for _ in range(20_000):
        if check():
            return
        ready.wait(0.01)
    raise AssertionError("it did not come")
