"""Players get files from Jupyter's server where it answers, else from the kernel."""

import wave
from fractions import Fraction
from pathlib import Path

import pytest
from browser.lab import (
    NUMBER_OF_CANVAS,
    Lab,
    becomes,
    run_code,
    start_code,
    wait_for_kernel,
)
from media_factory import click_track
from playwright.sync_api import Page, expect

CANVAS = "[data-testid=player-widget] canvas"
VIDEO = "[data-testid=player-widget] video"
# The source of the video element: the file's address, or a stream of fragments.
SOURCE = f"() => document.querySelector('{VIDEO}').getAttribute('src') ?? ''"


@pytest.mark.browser
def test_full_quality_plays_the_file_itself(show: object, lab: Lab) -> None:
    assert callable(show)
    page: Page = show(
        "view = tl.Player(tl.open('film.mp4'), quality='full'); view",
        widget="player-widget",
    )
    page.wait_for_function(f"({SOURCE})().includes('timeline_nb/media/')")
    page.click("[data-testid=play]")
    # The frames of the file itself, each under its own number.
    page.wait_for_function(f"() => {CANVAS_FRAME} > 10")
    seen = page.evaluate(_PLAYED)
    assert len(seen) > 5
    assert all(shown == number for number, shown in seen), seen
    assert page.eval_on_selector(CANVAS, "c => c.width") == 640
    page.focus("[data-testid=player-widget] [data-testid=scrub]")
    page.keyboard.press("Home")
    wait_for_kernel(page, "view.playing, view.playhead", "False 0.0")
    run_code(page, "view.playhead = 6.4")
    page.wait_for_function(f"() => {CANVAS_FRAME} === 160")
    page.wait_for_function(f"() => ({NUMBER_OF_CANVAS})({ELEMENT}) === 160")
    with page.expect_download() as waiting:
        page.click("[data-testid=player-widget] [data-testid=download]")
    assert waiting.value.suggested_filename == "film.mp4"
    saved = Path(waiting.value.path()).read_bytes()
    assert saved == (lab.folder / "film.mp4").read_bytes()


ELEMENT = f"document.querySelector('{CANVAS}')"
CANVAS_FRAME = f"Number({ELEMENT}.dataset.frame)"
# Pairs of the number that the player gives and the one that the picture shows.
_PLAYED = f"""async () => {{
    const seen = [], canvas = {ELEMENT}, number = {NUMBER_OF_CANVAS};
    for (let n = 0; n < 12; n++) {{
        await new Promise(r => requestAnimationFrame(r));
        seen.push([Number(canvas.dataset.frame), number(canvas)]);
        await new Promise(r => setTimeout(r, 50));
    }}
    return seen;
}}"""


@pytest.mark.browser
def test_auto_plays_the_file_of_a_light_film_once_it_is_played(
    page: Page, show: object
) -> None:
    assert callable(show)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    show("view = tl.Player('film.mp4'); view", widget="player-widget")
    page.wait_for_function(f"() => {CANVAS_FRAME} === 0")
    # Many players of a page fetch nothing of their films yet.
    assert not [url for url in asked if "timeline_nb/media/" in url]
    page.click("[data-testid=play]")
    page.wait_for_function(f"({SOURCE})().includes('timeline_nb/media/')")
    page.wait_for_function(f"() => {CANVAS_FRAME} > 10")
    seen = page.evaluate(_PLAYED)
    assert all(shown == number for number, shown in seen), seen
    assert page.eval_on_selector(CANVAS, "c => c.width") == 640


@pytest.mark.browser
def test_auto_goes_on_by_the_kernel_where_the_network_is_too_slow(
    page: Page, show: object
) -> None:
    assert callable(show)
    page.route("**/timeline_nb/media/**", lambda _: None)
    show("view = tl.Player('film.mp4'); view", widget="player-widget")
    page.click("[data-testid=play]")
    page.wait_for_function(f"({SOURCE})().startsWith('blob:')")
    page.wait_for_function(f"() => {CANVAS_FRAME} > 5")


@pytest.mark.browser
def test_without_an_answer_the_kernel_plays(page: Page, show: object) -> None:
    assert callable(show)
    page.route("**/timeline_nb/health", lambda route: route.fulfill(status=404))
    show("view = tl.Player('film.mp4', quality='full'); view", widget="player-widget")
    page.wait_for_function(f"({SOURCE})().startsWith('blob:')")
    page.click("[data-testid=play]")
    wait_for_kernel(page, "view.frame > 5", "True")
    download = page.locator("[data-testid=player-widget] [data-testid=download]")
    expect(download).to_be_hidden()


@pytest.mark.browser
def test_a_file_that_is_gone_is_played_by_the_kernel(page: Page, show: object) -> None:
    assert callable(show)
    # As an address that is too old.
    page.route("**/timeline_nb/media/**", lambda route: route.fulfill(status=410))
    show("tl.serve('film.mp4')", widget="player-widget")
    page.wait_for_function(f"({SOURCE})().startsWith('blob:')")
    page.click("[data-testid=play]")
    page.wait_for_function(f"() => {CANVAS_FRAME} > 5")


@pytest.mark.browser
def test_small_pictures_come_from_the_server(
    page: Page, show: object, lab: Lab
) -> None:
    """Also while the kernel hears nothing: a cell holds it, and all its threads."""
    assert callable(show)
    ranges: list[str] = []
    page.on("request", lambda asked: _note_range(ranges, asked.url, asked.headers))
    show("view = tl.Player(tl.open('film.mp4'), quality='draft')", "view", **PLAYER)
    page.wait_for_function(f"() => {CANVAS_FRAME} === 0")
    made = "all(store.file_of(info, n) for n in range(0, 250, 10))"
    run_code(page, "import timeline_nb.studio as s; store = s.default_studio().proxies")
    run_code(page, "info = tl.open('film.mp4').info")
    wait_for_kernel(page, made, "True")
    # It asks the kernel, which says where the pictures are.
    page.focus("[data-testid=player-widget] [data-testid=scrub]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    _shows(page, 249)
    held, freed = lab.folder / "held", lab.folder / "freed"
    for sign in (held, freed):
        sign.unlink(missing_ok=True)
    # The lock of Python itself is held: no thread of the kernel runs.
    start_code(page, _HOLDS_PYTHON)
    becomes(held.exists, True)
    before = len(ranges)
    try:
        page.keyboard.press("Home")
        _shows(page, 0)
        for _ in range(3):
            page.keyboard.press("Shift+ArrowRight")
        _shows(page, 75)
        assert len(ranges) > before
        assert page.evaluate("() => window.busy")
    finally:
        freed.touch()
    page.wait_for_function("() => !window.busy")


@pytest.mark.browser
def test_a_sound_is_played_as_its_file(page: Page, show: object, lab: Lab) -> None:
    assert callable(show)
    _write_sound(lab.folder / "clicks.wav")
    show("view = tl.Player('clicks.wav'); view", **PLAYER)
    page.wait_for_function(f"({SOURCE})().includes('timeline_nb/media/')")
    page.click("[data-testid=play]")
    wait_for_kernel(page, "view.playhead > 1", "True")
    at = page.evaluate(f"() => document.querySelector('{VIDEO}').currentTime")
    assert at > 0.9
    # To the end, where it stands still.
    page.wait_for_function(f"() => document.querySelector('{VIDEO}').paused")
    wait_for_kernel(page, "view.playing, view.frame", "False 74")


@pytest.mark.browser
def test_a_sound_is_played_by_the_kernel_where_no_server_is(
    page: Page, show: object, lab: Lab
) -> None:
    assert callable(show)
    _write_sound(lab.folder / "clicks.wav")
    page.route("**/timeline_nb/media/**", lambda route: route.fulfill(status=404))
    show("view = tl.Player('clicks.wav'); view", **PLAYER)
    page.click("[data-testid=play]")
    page.wait_for_function(f"({SOURCE})().startsWith('blob:')")
    wait_for_kernel(page, "view.playhead > 1", "True")


PLAYER = {"widget": "player-widget"}
# A call into C that does not let go of Python's lock.
_HOLDS_PYTHON = """
import ctypes
waiting = b"touch held; while [ ! -e freed ]; do sleep 0.1; done"
ctypes.PyDLL(None).system(waiting)
"""


def _note_range(ranges: list[str], url: str, headers: dict[str, str]) -> None:
    if "timeline_nb/media/" in url and headers.get("range", "").startswith("bytes="):
        ranges.append(headers["range"])


def _shows(page: Page, number: int) -> None:
    page.wait_for_function(
        f"() => {CANVAS_FRAME} === {number}"
        f" && ({NUMBER_OF_CANVAS})({ELEMENT}) === {number}"
    )


def _write_sound(path: Path) -> None:
    samples = click_track(Fraction(3), 48_000)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((samples * 32_767).astype("<i2").tobytes())
