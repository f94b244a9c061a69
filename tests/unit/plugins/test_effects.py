"""Effects, transitions and generators of plugins, among those of the package."""

import dataclasses
import pickle
import subprocess
import sys
import warnings
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugins_factory import EFFECT_ENTRIES, code_of, effects_plugin

import timeline_nb as tl
from timeline_nb.commands import titles
from timeline_nb.effects import provided
from timeline_nb.effects.catalog import catalog, find
from timeline_nb.effects.failures import FailedEffects
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.provided import identity_of
from timeline_nb.effects.transitions.run import TransitionRunner
from timeline_nb.errors import CompositionError, PluginError
from timeline_nb.timeline.model import Transition
from timeline_nb.wasm_plugins.compiled import CompiledModules
from timeline_nb.wasm_plugins.plugins import Plugins

ID = "org.example.test"
BRIGHTEN = f"{ID}/brighten"
# Makes it another module, which does the same.
OTHER = "(global i32 (i32.const 7))"


@pytest.fixture(autouse=True)
def compiled_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile each module once, in this process; `test_compiled.py` has the other."""
    monkeypatch.setattr(CompiledModules, "_compile", lambda _, wasm, __: code_of(wasm))


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    settings = tl.Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")
    with tl.open_studio(settings) as opened:
        yield opened


@pytest.fixture
def installed(studio: tl.Studio, tmp_path: Path) -> tl.Studio:
    studio.plugins.install(effects_plugin(tmp_path / "download"))
    return studio


def gray(studio: tl.Studio, color: str = "#646464") -> tl.Edit:
    """Two seconds of one color; `#646464` is 100 in each channel."""
    cut = tl.Edit("gray", rate=25, size=(64, 48), studio=studio)
    end = Fraction(2)
    cut.perform(
        titles.AddGenerator(
            kind="solid", start=Fraction(0), end=end, parameters={"color": color}
        )
    )
    return cut


def test_a_damaged_plugin_leaves_the_effects_of_others(
    installed: tl.Studio, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = effects_plugin(tmp_path / "other", OTHER, id="org.example.other")
    sha256 = installed.plugins.install(other).manifest.sha256
    assert find("org.example.other/brighten").origin == "org.example.other"
    (installed.plugins.folder / f"{sha256}.json").write_bytes(b"")
    # The list is written, so that it is read again.
    more = "(global i32 (i32.const 8))"
    third = effects_plugin(tmp_path / "third", more, id="org.example.third")
    installed.plugins.install(third)
    with pytest.raises(CompositionError, match=r"org\.example\.other"):
        find("org.example.other/brighten")
    assert find(BRIGHTEN).origin == ID
    assert "install org.example.other again" in caplog.text


def picture(value: int, alpha: int | None = None) -> Picture:
    moment = Moment(Fraction(1), Fraction(1, 25), seed=0x1234567)
    opacity = None if alpha is None else np.full((4, 6), alpha, np.uint8)
    return Picture(
        moment=moment, rgb=np.full((4, 6, 3), value, np.uint8), alpha=opacity
    )


def test_an_effect_is_added_and_computed(installed: tl.Studio) -> None:
    cut = gray(installed)
    before = cut.frame(1)
    cut.effects.add(cut.clips[0].id, BRIGHTEN, amount=30)
    # A canvas of limited range: a level off where values are converted.
    assert np.abs(cut.frame(1).astype(int) - before - 30).max() <= 1


def test_its_parameters_have_a_schema_and_keyframes(installed: tl.Studio) -> None:
    schema = tl.catalog()[BRIGHTEN].schema()
    assert schema["properties"]["amount"] == {
        "type": "number",
        "default": 40.0,
        "minimum": 0.0,
        "maximum": 255.0,
        "description": "How much.",
    }
    cut = gray(installed)
    before = cut.frame(0).astype(int)
    owner = cut.clips[0].id
    cut.effects.add(owner, BRIGHTEN)
    cut.effects.animate(owner, f"{BRIGHTEN}.amount", {0: 0, 2: 100})
    assert np.abs(cut.frame(1).astype(int) - before - 50).max() <= 1
    with pytest.raises(CompositionError, match="between 0 and 255"):
        cut.effects.add(owner, BRIGHTEN, amount=256)
    with pytest.raises(CompositionError, match="did you mean 'amount'"):
        cut.effects.add(owner, BRIGHTEN, amont=2)


@pytest.mark.usefixtures("installed")
def test_names_that_the_host_fills_are_no_parameters() -> None:
    assert not find(f"{ID}/fade").parameters
    assert list(find(f"{ID}/clock").parameters) == ["amount"]


@pytest.mark.usefixtures("installed")
def test_a_transition_is_given_its_progress() -> None:
    fade = Transition(kind=f"{ID}/fade", in_offset=Fraction(1), out_offset=Fraction(1))
    runner = TransitionRunner(fade)
    made = runner.at(0.25, picture(100), picture(200))
    assert (made.rgb == 125).all()
    assert made.alpha is None
    # Opacities, of which the plugin knows nothing, are mixed.
    clear = runner.at(0.25, picture(100, alpha=200), picture(200))
    assert np.abs(clear.opacity.astype(int) - (0.75 * 200 + 0.25 * 255)).max() <= 1


def test_a_generator_is_given_the_time(installed: tl.Studio) -> None:
    cut = tl.Edit("clock", rate=25, size=(64, 48), studio=installed)
    made = titles.AddGenerator(
        kind=f"{ID}/clock",
        start=Fraction(0),
        end=Fraction(10),
        parameters={"amount": 20.0},
    )
    cut.perform(made)
    seconds = [cut.frame(at)[0, 0].tolist() for at in (0, 4, 9)]
    assert np.abs(np.array(seconds) - [[20], [60], [110]]).max() <= 1


@pytest.mark.usefixtures("installed")
def test_opacity_is_kept_or_changed() -> None:
    kept = find(BRIGHTEN).make(picture(10, alpha=90), amount=5.0)
    assert (kept.rgb == 15).all()
    assert (kept.alpha == 90).all()
    veiled = find(f"{ID}/veil").make(picture(10), amount=128.0)
    assert (veiled.rgb == 10).all()
    assert (veiled.alpha == 128).all()
    assert find(f"{ID}/veil").make(picture(10), amount=255.0).alpha is None
    assert find(f"{ID}/veil").transparent
    assert not find(BRIGHTEN).transparent


@pytest.mark.usefixtures("installed")
def test_a_seed_is_the_owners() -> None:
    spec = find(f"{ID}/tint")
    assert spec.random
    # The lowest byte of the moment's seed.
    assert (spec.make(picture(1)).rgb == 0x67).all()


def test_it_is_known_by_its_module_and_manifest(
    studio: tl.Studio, tmp_path: Path
) -> None:
    studio.plugins.install(effects_plugin(tmp_path / "one"))
    one = identity_of(BRIGHTEN).digest
    studio.plugins.install(effects_plugin(tmp_path / "again"))
    assert identity_of(BRIGHTEN).digest == one
    studio.plugins.install(effects_plugin(tmp_path / "two", OTHER))
    two = identity_of(BRIGHTEN).digest
    assert len({one, two}) == 2
    # Another default, and the same module.
    changed: list[Any] = [{**entry} for entry in EFFECT_ENTRIES]
    changed[0]["parameters"] = [{"name": "amount", "default": 41, "high": 255}]
    studio.plugins.install(effects_plugin(tmp_path / "three", OTHER, effects=changed))
    assert identity_of(BRIGHTEN).digest not in {one, two}
    assert find(BRIGHTEN).parameters["amount"].default == 41


def test_views_and_frames_follow_what_is_installed(
    studio: tl.Studio, tmp_path: Path
) -> None:
    heard: list[bool] = []

    def listen() -> None:
        heard.append(provided.is_provided(BRIGHTEN))

    studio.plugins.install(effects_plugin(tmp_path / "one"))
    cut = gray(studio)
    cut.effects.add(cut.clips[0].id, BRIGHTEN)
    bright = cut.frame(1)
    provided.catalog_changed.connect(listen)
    try:
        studio.plugins.remove(ID)
        with pytest.warns(RuntimeWarning, match="is not installed"):
            plain = cut.frame(1)
        assert (plain.astype(int) < bright).all()
        studio.plugins.install(effects_plugin(tmp_path / "two"))
        assert np.array_equal(cut.frame(1), bright)
    finally:
        provided.catalog_changed.disconnect(listen)
    assert heard == [False, True]


def test_what_another_process_installs_is_there_at_the_next_look(
    installed: tl.Studio, tmp_path: Path
) -> None:
    make = find(BRIGHTEN).make
    make(picture(1), amount=1.0)
    other = Plugins(installed.plugins.folder, tmp_path / "cache" / "plugins")
    other.install(effects_plugin(tmp_path / "two", OTHER))
    # An effect that was found before does not become another one.
    assert identity_of(BRIGHTEN).digest
    with pytest.raises(PluginError, match="was replaced"):
        make(picture(1), amount=1.0)
    assert (find(BRIGHTEN).make(picture(1), amount=1.0).rgb == 2).all()


def test_it_goes_with_its_studio(tmp_path: Path) -> None:
    settings = tl.Settings(cache_dir=tmp_path / "c", data_dir=tmp_path / "d")
    with tl.open_studio(settings) as studio:
        studio.plugins.install(effects_plugin(tmp_path / "one"))
        assert find(BRIGHTEN).origin == ID
    with pytest.raises(CompositionError, match="is not installed"):
        find(BRIGHTEN)


def test_a_failing_effect_is_left_out_of_previews(installed: tl.Studio) -> None:
    cut = gray(installed)
    before = cut.frame(1)
    owner = cut.clips[0].id
    cut.effects.add(owner, f"{ID}/crash")
    cut.effects.add(owner, BRIGHTEN, amount=30)
    reason = f"'{ID}/crash': the plugin {ID} was stopped: it stopped itself"
    with pytest.warns(RuntimeWarning, match=f"without the effect {reason}"):
        shown = cut.frame(1)
    # It is said once: here, a warning is an error.
    assert cut.frame(0.5).shape == shown.shape
    # Others of the same plugin, and the kernel, live on.
    assert np.abs(shown.astype(int) - before - 30).max() <= 1


def test_a_failing_transition_is_a_cut_in_previews(installed: tl.Studio) -> None:
    failed: list[str] = []
    entries: list[Any] = [*EFFECT_ENTRIES]
    entries[4] = {**entries[4], "inputs": 2, "parameters": [{"name": "progress"}]}
    path = installed.settings.cache_dir / "crashing"
    installed.plugins.install(effects_plugin(path, effects=entries))
    crash = Transition(
        kind=f"{ID}/crash", in_offset=Fraction(1), out_offset=Fraction(1)
    )
    runner = TransitionRunner(crash, FailedEffects(failed.append))
    assert (runner.at(0.4, picture(1), picture(2)).rgb == 1).all()
    assert (runner.at(0.6, picture(1), picture(2)).rgb == 2).all()
    assert len(failed) == 1
    with pytest.raises(CompositionError, match=f"the transition '{ID}/crash' failed"):
        TransitionRunner(crash).at(0.4, picture(1), picture(2))


def test_a_project_keeps_what_is_not_installed(
    installed: tl.Studio, tmp_path: Path
) -> None:
    cut = gray(installed)
    owner = cut.clips[0].id
    cut.effects.add(owner, BRIGHTEN, amount=77)
    cut.effects.animate(owner, f"{BRIGHTEN}.amount", {0: 1, 1: 9})
    clock = titles.AddGenerator(kind=f"{ID}/clock", start=Fraction(2), end=Fraction(3))
    cut.perform(clock)
    cut.add_transition(f"{ID}/fade", after=owner, duration=0.4)
    path = cut.save(tmp_path / "one.tlp")
    before = cut.session.timeline
    installed.plugins.remove(ID)
    with pytest.warns(RuntimeWarning, match=r"plugin 'org\.example\.test' of the"):
        opened = tl.Edit.load(path, studio=installed)
    assert opened.session.timeline == before
    missing = opened.missing_effects
    assert [one.kind for one in missing] == [BRIGHTEN, f"{ID}/fade", f"{ID}/clock"]
    assert "tl.plugins.install" in str(missing[0])
    # Other edits go on around it, and it is saved as it was.
    opened.effects.add(owner, "sepia")
    opened.effects.remove(owner, 1)
    again = opened.save(tmp_path / "two.tlp")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        assert tl.Edit.load(again, studio=installed).session.timeline == before
        # Frames are shown without it.
        assert np.abs(opened.frame(1).astype(int) - 100).max() <= 2
    with pytest.raises(CompositionError, match=r"clip .*plugin 'org\.example\.test"):
        opened.render(tmp_path / "film.mp4").wait()
    with pytest.raises(CompositionError, match="is not installed"):
        opened.effects.add(owner, BRIGHTEN)


def test_a_worker_gets_the_module_itself(installed: tl.Studio, tmp_path: Path) -> None:
    expected = identity_of(BRIGHTEN).digest
    (put_up,) = provided.providers_for_workers([BRIGHTEN, "sepia"])
    sent = tmp_path / "sent"
    sent.write_bytes(pickle.dumps(put_up))
    code = (
        "import pickle, sys; from pathlib import Path;"
        "put_up = pickle.loads(Path(sys.argv[1]).read_bytes());"
        "[put_up() for _ in range(2)];"
        "from timeline_nb.effects.provided import identity_of;"
        f"print(identity_of({BRIGHTEN!r}).digest)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(sent)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == expected
    # Where they are there already, nothing is put up that would hide a later version.
    put_up()
    installed.plugins.remove(ID)
    assert not provided.is_provided(BRIGHTEN)


@pytest.mark.usefixtures("installed")
def test_a_module_that_was_changed_on_its_way_is_refused() -> None:
    (put_up,) = provided.providers_for_workers([BRIGHTEN])
    (one,) = put_up.plugins  # type: ignore[attr-defined]
    wrong = dataclasses.replace(one, wasm=one.wasm + b"\0\1\0")
    with pytest.raises(PluginError, match="made for another module"):
        dataclasses.replace(put_up, plugins=(wrong,))()  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("effects", "message"),
    [
        ([{"name": "a", "inputs": 2}], "needs the parameter 'progress'"),
        (
            [{"name": "a", "parameters": [{"name": "x"}, {"name": "x"}]}],
            "two of the name 'x'",
        ),
        (
            [
                {
                    "name": "a",
                    "parameters": [{"name": "x", "type": "boolean", "default": 0.5}],
                }
            ],
            "is 0 or 1",
        ),
        ([{"name": "a", "pixels": "bgr"}], "pixels"),
    ],
)
def test_what_a_manifest_states_of_effects_is_checked(
    tmp_path: Path, effects: list[Any], message: str
) -> None:
    plugins = Plugins(tmp_path / "plugins", tmp_path / "cache")
    with pytest.raises(PluginError, match=message):
        plugins.install(effects_plugin(tmp_path / "one", effects=effects))


def test_nothing_of_plugins_is_imported_before_one_is_installed(
    tmp_path: Path,
) -> None:
    code = (
        "import sys, timeline_nb as tl;"
        "from pathlib import Path; at = Path(sys.argv[1]);"
        "tl.open_studio(tl.Settings(cache_dir=at / 'c', data_dir=at / 'd'));"
        "list(tl.catalog());"
        "print([n for n in ('wasmtime', 'timeline_nb.wasm_plugins.manifest',"
        " 'timeline_nb.wasm_plugins.plugins') if n in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "[]"
    assert not (tmp_path / "d").exists()


@pytest.mark.usefixtures("installed")
def test_the_catalog_names_the_plugin() -> None:
    table = tl.catalog("brighten").to_dataframe()
    assert table["plugin"][table["kind"] == BRIGHTEN].tolist() == [ID]
    assert BRIGHTEN in {spec.kind for spec in catalog("picture")}
    assert tl.catalog("Test effects").thumbnail(BRIGHTEN).shape == (136, 240, 3)
