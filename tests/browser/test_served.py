"""Players get files from Jupyter's server where it answers, else from the kernel."""

from pathlib import Path

import pytest
from browser.lab import NUMBER_OF_CANVAS, Lab, run_code, wait_for_kernel
from playwright.sync_api import Page

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
def test_without_an_answer_the_kernel_plays(page: Page, show: object) -> None:
    assert callable(show)
    page.route("**/timeline_nb/health", lambda route: route.fulfill(status=404))
    show("view = tl.Player('film.mp4', quality='full'); view", widget="player-widget")
    page.wait_for_function(f"({SOURCE})().startsWith('blob:')")
    page.click("[data-testid=play]")
    wait_for_kernel(page, "view.frame > 5", "True")
    assert page.is_hidden("[data-testid=player-widget] [data-testid=download]")


@pytest.mark.browser
def test_a_file_that_is_gone_is_played_by_the_kernel(page: Page, show: object) -> None:
    assert callable(show)
    # As an address that is too old.
    page.route("**/timeline_nb/media/**", lambda route: route.fulfill(status=410))
    show("tl.serve('film.mp4')", widget="player-widget")
    page.wait_for_function(f"({SOURCE})().startsWith('blob:')")
    page.click("[data-testid=play]")
    page.wait_for_function(f"() => {CANVAS_FRAME} > 5")
