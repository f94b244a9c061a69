"""What axe finds in panels, dialogs and notices: nothing, in light and in dark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.alone_page import enter
from browser.lab import wait_until_still
from media_factory import Recipe, make
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

AXE = Path(__file__).parents[2] / "widgets-js/node_modules/axe-core/axe.min.js"
CANVAS = "canvas[data-testid=timeline]"
EXPLAINED = """async part => (await axe.run(part)).violations.map(fault =>
    [fault.id, fault.nodes.map(node => [node.html.slice(0, 160), node.failureSummary])])
"""
# Two people with one project, and steps that a killed kernel left.
NOTICES = """
from timeline_nb.widgets.journal_answers import JournalView
from timeline_nb.widgets.journal_part import JournalPart
JournalPart.on_view_opened = lambda self, view: self._post(JournalView(
    view=view, steps=2, at_s=1.7e9, label="set text", changes=["V1: walk is longer"],
    who="Ada", place="the other notebook", since_s=1.7e9, is_followed=True,
    is_shared=True, conflicts=["walk: opacity: 50% holds, not 70%"]))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A project with color wheels and curves on its first clip; its second is lost."""
    folder = tmp_path_factory.mktemp("accessible")
    for name in ("film.mp4", "lost.mp4"):
        make(folder, Recipe(name, frames=75, size=(320, 180), clicks=True))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(320, 180), studio=studio)
        for name in ("film.mp4", "lost.mp4"):
            cut.append(tl.open(folder / name, studio=studio).clip("0s", "2s"))
        cut.effects.add(0, "lift_gamma_gain", gain="#ffcc88")
        cut.effects.add(0, "curves")
        cut.save(folder / "cut.tlp")
    (folder / "lost.mp4").unlink()
    with alone(folder) as site:
        assert not site.run(NOTICES)
        yield site


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_panels_dialogs_and_notices_hinder_nobody(
    page: Page, site: Site, scheme: Any, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    page.emulate_media(color_scheme=scheme)
    enter(page, site, "cut.tlp")
    page.wait_for_selector(f"{CANVAS}[data-duration='4']")
    # The page's policy takes no scripts from elsewhere.
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = {}

    def look(name: str, part: str) -> None:
        wait_until_still(page)
        page.screenshot(path=tmp_path / f"{name}-{scheme}.png")
        found[name] = page.evaluate(EXPLAINED, part)

    # What they changed, and what holds of it.
    for notice in ("recovery", "elsewhere"):
        page.get_by_test_id(notice).locator("summary").click()
    expect(page.get_by_text("opacity: 50% holds")).to_be_visible()
    look("notices", ".tnb-journals")
    page.locator(".tnb-offline").get_by_role("button", name="Relink").click()
    expect(page.get_by_role("button", name="Find lost.mp4")).to_be_visible()
    look("relink", "dialog")
    page.get_by_role("button", name="Search for all").click()
    expect(page.get_by_role("dialog", name="Folder to search")).to_be_visible()
    look("folders", "dialog.tnb-picker")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator(CANVAS).focus()
    page.keyboard.press("Enter")
    page.locator(".tnb-wheels").scroll_into_view_if_needed()
    look("wheels", ".tnb-inspector")
    page.locator("[data-effect=curves]").scroll_into_view_if_needed()
    look("curves", ".tnb-inspector")
    page.get_by_role("tab", name="Effects").click()
    expect(page.locator(".tnb-tile").first).to_be_visible()
    look("effects", ".tnb-effects-browser")
    page.locator(CANVAS).focus()
    page.keyboard.press("Control+e")
    expect(page.locator("dialog.tnb-export")).to_be_visible()
    look("export", "dialog")
    page.keyboard.press("Escape")
    page.locator(CANVAS).focus()
    page.keyboard.press("Control+,")
    settings = page.get_by_role("dialog", name="Settings")
    for tab in settings.get_by_role("tab").all():
        tab.click()
        look(f"settings {tab.inner_text()}", "dialog")
    page.keyboard.press("Escape")
    assert {name: faults for name, faults in found.items() if faults} == {}
