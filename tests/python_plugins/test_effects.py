"""Effects, transitions and generators of Python plugins, by numbers."""

import logging
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_factory import Clips
from packages_factory import install, source_of

import timeline_nb as tl
from timeline_nb.effects import installed_packages
from timeline_nb.effects.catalog import catalog, find
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.provided import identity_of, missing_plugin
from timeline_nb.effects.transitions.run import TransitionRunner
from timeline_nb.errors import CompositionError, PluginError
from timeline_nb.notebook.plugins import NotebookPlugins
from timeline_nb.python_plugins.effects import PluginEffects
from timeline_nb.python_plugins.plugins import PythonPlugins
from timeline_nb.timeline.model import Transition

FAST = tl.Profile(preset="ultrafast", crf=6)
# A level of 100 becomes 150; a helper and a global stand for what code refers to.
BRIGHTEN = """
    import numpy as np

    STEP = 50

    def added(rgb, share):
        return np.clip(rgb.astype(int) + round(STEP * share), 0, 255).astype(np.uint8)

    @plugin.effect(group="film", share=tl.parameters.number(1, 0, 2, doc="How much."))
    def brighten(rgb, share):
        "Add light."
        return added(rgb, share)

    @plugin.transition(power=tl.parameters.number(1, 0, 4))
    def fade(first, second, progress, power):
        "Fade over."
        share = progress ** power
        return (first * (1 - share) + second * share).astype(np.uint8)

    @plugin.generator(color=tl.parameters.color("red"))
    def pulse(width_px, height_px, time_s, color):
        "Grow brighter by 10 levels a second."
        return np.full((height_px, width_px, 3), round(10 * time_s), np.uint8)
"""
MOMENT = Moment(Fraction(2), Fraction(1, 25), end=Fraction(10))


def gray(level: int, alpha: int | None = None) -> Picture:
    opacity = None if alpha is None else np.full((4, 6), alpha, np.uint8)
    return Picture(
        moment=MOMENT, rgb=np.full((4, 6, 3), level, np.uint8), alpha=opacity
    )


def edit_of(clips: Clips, studio: tl.Studio) -> tl.Edit:
    cut = tl.Edit("plugins", rate=25, size=(192, 112), studio=studio)
    cut.append(tl.open(clips["cfr"], studio=studio).clip("0s", "1s"))
    return cut


def encoded(cut: tl.Edit, path: Path, **options: object) -> int:
    made = cut.render(path, profile=FAST, overwrite=True, **options).wait()  # type: ignore[arg-type]
    assert made.plan is not None
    return sum(segment.frames for segment in made.plan.of("encode"))


def test_they_compute_what_the_functions_say(site: Path, studio: tl.Studio) -> None:
    install(site, "acme_film", source_of(BRIGHTEN))
    studio.python_plugins.enable("acme.film")
    brighten = find("acme.film/brighten")
    assert (brighten.doc, brighten.group, brighten.origin) == (
        "Add light.",
        "film",
        "acme.film",
    )
    schema = brighten.schema()["properties"]["share"]
    assert schema["description"] == "How much."
    assert brighten.make(gray(100), share=0.5).rgb.max() == 125
    # 30 and 90, a third of the way: 50.
    made = find("acme.film/fade").make(gray(30), gray(90, 60), 1 / 3, power=1)
    assert made.rgb.min() == made.rgb.max() == 50
    assert made.alpha is not None
    assert made.alpha.max() == 255 - 65
    pulse = find("acme.film/pulse").make(MOMENT, (6, 4), color="#ff0000")
    assert pulse.rgb.shape == (4, 6, 3)
    assert pulse.rgb.max() == 20
    half = Fraction(1, 2)
    middle = Transition(kind="acme.film/fade", in_offset=half, out_offset=half)
    assert TransitionRunner(middle).at(0.5, gray(30), gray(90)).rgb.max() == 60


def test_frames_show_them_with_keyframes(
    site: Path, studio: tl.Studio, clips: Clips
) -> None:
    install(site, "acme_film", source_of(BRIGHTEN))
    studio.python_plugins.enable("acme.film")
    cut = edit_of(clips, studio)
    plain = cut.frame(0.5).astype(int)
    clip = cut.clips[0]
    cut.effects.add(clip.id, "acme.film/brighten")
    cut.effects.animate(clip.id, "share", {0: 0, 1: 2}, number="acme.film/brighten")
    shown = cut.frame(0.5).astype(int)
    assert abs((shown - np.clip(plain + 50, 0, 255)).mean()) < 2
    kinds = [spec.kind for spec in catalog() if spec.origin == "acme.film"]
    assert kinds == ["acme.film/brighten", "acme.film/fade", "acme.film/pulse"]


def test_a_built_in_is_looked_up_without_loading_plugins(
    site: Path, plugins: PythonPlugins
) -> None:
    plugins.provide()
    mark = f"import pathlib\npathlib.Path({str(site / 'imported')!r}).touch()\n"
    install(site, "acme_film", mark + source_of(BRIGHTEN))
    install(site, "acme_other", source_of(BRIGHTEN))
    plugins.enable("acme.film")
    plugins.enable("acme.other")
    assert find("sepia").origin == ""
    assert find("acme.other/brighten").origin == "acme.other"
    with pytest.raises(CompositionError, match="plugin 'nobody' of the effect"):
        find("nobody/brighten")
    assert not (site / "imported").exists()
    assert find("acme.film/brighten").origin == "acme.film"
    assert (site / "imported").exists()
    plugins.close()
    assert missing_plugin("acme.film/brighten")


def test_one_that_is_disabled_or_fails_is_said_to_be_missing(
    site: Path, studio: tl.Studio, clips: Clips, caplog: pytest.LogCaptureFixture
) -> None:
    install(site, "acme_film", source_of(BRIGHTEN))
    install(site, "acme_bad", "1 / 0")
    plugins = studio.python_plugins
    plugins.enable("acme.film")
    plugins.enable("acme.bad")
    cut = edit_of(clips, studio)
    cut.effects.add(cut.clips[0].id, "acme.film/brighten")
    with caplog.at_level(logging.CRITICAL):
        with pytest.raises(CompositionError, match="ZeroDivisionError"):
            find("acme.bad/x")
        assert "acme.film/brighten" in [spec.kind for spec in catalog()]
    plugins.disable("acme.film")
    assert "acme.film" in missing_plugin("acme.film/brighten")
    assert identity_of("acme.film/brighten").why
    with pytest.raises(CompositionError, match=r"tl\.plugins\.enable"):
        cut.effects.add(cut.clips[0].id, "acme.film/brighten")
    plugins.enable("acme.film")
    assert missing_plugin("acme.film/brighten") == ""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return 1 / 0", r"ZeroDivisionError: division by zero \(.*acme_bad\.py"),
        ("raise SystemExit(1)", "SystemExit: 1"),
        ("return rgb[:2]", r"it returned \(2, .*, 3\), not"),
        ("return rgb / 255", "it returned float64, not an array of uint8"),
        ("return None", "it returned NoneType"),
    ],
)
def test_a_render_names_a_plugin_that_fails(
    studio: tl.Studio, clips: Clips, tmp_path: Path, body: str, said: str
) -> None:
    bad = f"@plugin.effect()\ndef bad(rgb):\n    {body}\n"
    install(tmp_path / "site", "acme_bad", source_of(bad))
    studio.python_plugins.enable("acme.bad")
    cut = edit_of(clips, studio)
    cut.effects.add(cut.clips[0].id, "acme.bad/bad")
    with pytest.raises(tl.TimelineNbError, match=said) as caught:
        cut.render(tmp_path / "film.mp4", profile=FAST).wait()
    assert "acme.bad/bad" in str(caught.value)


def test_what_is_written_into_is_a_copy(site: Path, studio: tl.Studio) -> None:
    vandal = """
        @plugin.effect()
        def blacken(rgb):
            rgb[:] = 0
            return rgb
    """
    install(site, "acme_vandal", source_of(vandal))
    studio.python_plugins.enable("acme.vandal")
    given = gray(100)
    assert find("acme.vandal/blacken").make(given).rgb.max() == 0
    assert given.rgb.min() == 100


def test_segments_are_made_anew_when_the_code_is_another(
    site: Path, studio: tl.Studio, clips: Clips, tmp_path: Path
) -> None:
    install(site, "acme_film", source_of(BRIGHTEN))
    studio.python_plugins.enable("acme.film")
    cut = edit_of(clips, studio)
    cut.effects.add(cut.clips[0].id, "acme.film/brighten")
    film = tmp_path / "film.mp4"
    assert encoded(cut, film) == 25
    assert encoded(cut, film) == 0
    # Installed anew under the code that is loaded: nothing is kept of that.
    install(site, "acme_film", source_of(BRIGHTEN), version="2.0")
    assert "restart the kernel" in identity_of("acme.film/brighten").why
    assert encoded(cut, film) == 25
    assert encoded(cut, film) == 25


@pytest.mark.parametrize("place", ["editable", "installed"])
def test_the_key_is_that_of_the_code(
    site: Path, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other code has another identity, though name and version are the same."""
    home = tmp_path / "home" if place == "editable" else None
    monkeypatch.syspath_prepend(str(home or site))
    if place == "installed":
        monkeypatch.setattr(installed_packages, "_site_folders", lambda: [site])
    digests = []
    for source in (BRIGHTEN, BRIGHTEN, BRIGHTEN.replace("STEP = 50", "STEP = 51")):
        install(site, "acme_key", source_of(source), code_folder=home)
        # As in a process that begins.
        sys.modules.pop("acme_key", None)
        installed_packages._package.cache_clear()
        plugins = PythonPlugins(tmp_path / "data")
        plugins.enable("acme.key")
        assert installed_packages.installed_package("acme_key") == (
            None if home else "acme_key 1.0"
        )
        found = PluginEffects(plugins.loader, "acme.key").specs()[0].identify()
        assert not found.why
        digests.append(found.digest)
    assert digests[0] == digests[1] != digests[2]


def test_workers_in_other_processes_load_it_themselves(
    site: Path, studio: tl.Studio, clips: Clips, tmp_path: Path
) -> None:
    install(site, "acme_film", source_of(BRIGHTEN))
    studio.python_plugins.enable("acme.film")
    cut = edit_of(clips, studio)
    cut.effects.add(cut.clips[0].id, "acme.film/brighten")
    film = tmp_path / "film.mp4"
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert encoded(cut, film, executor=pool) == 25
        # What a worker made is what this process would make.
        assert encoded(cut, film) == 0
        with studio.library.video(film) as decoder:
            shown = decoder.frame(12).to_rgb().astype(int)
        assert abs((shown - cut.frame(Fraction(12, 25)).astype(int)).mean()) < 2
        # Other code there than here.
        studio.segments.clear()
        install(site, "acme_film", source_of(BRIGHTEN.replace("50", "51")))
    with (
        ProcessPoolExecutor(1, mp_context=context) as pool,
        pytest.raises(tl.TimelineNbError, match="effects"),
    ):
        encoded(cut, film, executor=pool)


def test_two_kinds_of_plugins_have_no_id_in_common(
    site: Path, studio: tl.Studio
) -> None:
    install(
        site, "acme_film", source_of(BRIGHTEN), points={"timeline-nb.blur": "acme_film"}
    )
    shown = NotebookPlugins(studio)
    shown.install("blur")
    with pytest.raises(PluginError, match="in a sandbox has the id"):
        shown.enable("timeline-nb.blur", full_rights=True)
    shown.remove("timeline-nb.blur")
    shown.enable("timeline-nb.blur", full_rights=True)
    with pytest.raises(PluginError, match="a Python plugin that is enabled has"):
        shown.install("blur")
    assert list(shown.table()["runs"]) == ["with full rights"]
