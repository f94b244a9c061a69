"""The inspector and the effects browser, on the page without Jupyter."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from media_factory import Recipe, make
from playwright.sync_api import Locator, Page
from server.scene import Site, alone

import timeline_nb as tl


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("effects")
    make(folder, Recipe("film.mp4", frames=250, size=(640, 360), clicks=True))
    (folder / "Warm.cube").write_text(
        "LUT_3D_SIZE 2\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n"
    )
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
        film = tl.open(folder / "film.mp4", studio=studio)
        cut.append(film.clip("1s", "5s"))
        cut.append(film.clip("6s", "9s"))
        cut.save(folder / "cut.tlp")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with alone(folder) as site:
        yield site


@pytest.fixture
def editor(page: Page, site: Site) -> Page:
    page.goto(f"{site.base}?token={site.token}")
    page.wait_for_url(site.base)
    page.click("text=cut.tlp")
    page.wait_for_selector("[data-state=live]")
    page.set_viewport_size({"width": 1600, "height": 1000})
    return page


def _select(page: Page, at_s: float) -> None:
    """Press the clip at a time: the whole edit of seven seconds fits."""
    canvas = page.locator("[data-testid=timeline-canvas], .tnb-timeline canvas").first
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 40 + at_s * (box["width"] - 60) / 8, box["y"] + 50)
    page.wait_for_selector(".tnb-clip-name:visible")


def _field(page: Page, name: str) -> Locator:
    return page.locator(f".tnb-inspector [data-field='{name}']").first


def _saved(page: Page, folder: Path) -> tl.Edit:
    page.keyboard.press("Control+s")
    page.wait_for_selector("[data-testid=status]:text('cut.tlp is saved')")
    return tl.load(
        folder / "cut.tlp", studio=tl.open_studio(tl.Settings(roots=(folder,)))
    )


@pytest.mark.browser
def test_a_clip_is_graded_by_mouse_and_keys(editor: Page, folder: Path) -> None:
    page = editor
    _select(page, 1)
