"""A nested timeline in the browser: opened by a double click, edited, and left."""

from collections.abc import Iterator

import pytest
from browser.alone_page import enter, own_copy
from browser.lab import becomes
from media_factory import Recipe, make
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl

pytestmark = pytest.mark.browser
CANVAS = "canvas[data-testid=timeline]"
PLACE = """(s) => {
  const canvas = document.querySelector("canvas[data-testid=timeline]");
  const { pxPerS, originS, tops, ruler } = canvas.dataset;
  return [(s - originS) * pxPerS, Number(ruler) + JSON.parse(tops)[0] + 20];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Over 8 s of film, from 2 s on, 4 s of an edit of two clips."""
    folder = tmp_path_factory.mktemp("nested")
    make(folder, Recipe("film.mp4", frames=250, size=(320, 180)))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        film = tl.open(folder / "film.mp4", studio=studio)
        scene = tl.Edit("scene", rate=25, size=(320, 180), studio=studio)
        scene.append([film.clip(0, 2), film.clip(5, 7)])
        cut = tl.Edit("cut", rate=25, size=(320, 180), studio=studio)
        cut.append(film.clip(0, 8))
        cut.nest(scene, at=2)
        cut.save(folder / "cut.tlp")
    with alone(folder) as site:
        yield site


def _is(site: Site, name: str, expression: str) -> str:
    return site.run(
        f"cut = shared._edits[{name!r}].edit\n"
        "nest = cut.timeline.tracks[-1].items[-1].media.timeline\n"
        f"print({expression})"
    )


def _click(page: Page, at_s: float, clicks: int = 1) -> None:
    x, y = page.evaluate(PLACE, at_s)
    page.locator(CANVAS).click(position={"x": x, "y": y}, click_count=clicks)


def test_a_nested_timeline_is_opened_edited_and_left(page: Page, site: Site) -> None:
    name = own_copy(site.folder, "cut.tlp", "nested")
    enter(page, site, name)
    page.wait_for_selector(f"{CANVAS}[data-duration='8']")
    path = page.get_by_role("navigation", name="Open timelines")
    expect(path).to_be_hidden()
    _click(page, 4, clicks=2)
    page.wait_for_selector(f"{CANVAS}[data-duration='4']")
    expect(path.locator("li")).to_have_text(["cut", "scene"])
    _click(page, 1)
    page.keyboard.press("Shift+Delete")
    page.wait_for_selector(f"{CANVAS}[data-duration='2']")
    lengths = "[float(clip.duration) for clip in nest.tracks[0].items]"
    becomes(lambda: _is(site, name, lengths), "[2.0]")
    becomes(lambda: _is(site, name, "cut.history.steps[-1]"), "ripple delete")
    path.get_by_role("button", name="cut").click()
    page.wait_for_selector(f"{CANVAS}[data-duration='8']")
    expect(path).to_be_hidden()
    page.keyboard.press("Control+z")
    _click(page, 4, clicks=2)
    page.wait_for_selector(f"{CANVAS}[data-duration='4']")
