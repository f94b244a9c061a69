"""Guides over the picture are there again when the page is opened anew."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.alone_page import enter, save_cut
from browser.lab import browser_page, wait_until_still
from media_factory import Recipe
from playwright.sync_api import Page, expect
from server.scene import Site, alone

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    save_cut(tmp_path, Recipe("film.mp4", frames=150, size=(640, 360), clicks=True))
    with alone(tmp_path) as site:
        yield site


def show_rulers(page: Page) -> None:
    page.click("[data-testid=stage-menu]")
    page.get_by_role("menuitemcheckbox", name="Rulers").click()


def test_a_guide_is_kept_with_the_project(site: Site, tmp_path: Path) -> None:
    with browser_page() as page:
        enter(page, site, "cut.tlp")
        page.wait_for_selector("[data-testid=stage]")
        show_rulers(page)
        stage = page.locator("[data-testid=stage]")
        wait_until_still(page)
        box = stage.bounding_box()
        assert box is not None
        # A quarter of 640 pixels.
        page.mouse.move(box["x"] + 5, box["y"] + 100)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 100, steps=4)
        page.mouse.up()
        expect(page.get_by_test_id("unsaved")).to_contain_text("Unsaved")
        # A page that opens the file again takes nothing away that was not saved.
        page.reload()
        page.wait_for_selector("[data-state=live]")
        expect(page.get_by_test_id("unsaved")).to_contain_text("Unsaved")
        expect(stage).to_have_attribute("data-guides", re.compile(r'"x":\[1'))
        page.locator("canvas[data-testid=timeline]").focus()
        page.keyboard.press("Control+s")
        expect(page.get_by_test_id("unsaved")).to_have_text("Saved")
    kept = json.loads((tmp_path / "cut.tlp").read_bytes())["editor"]["guides"]
    assert kept == {"x": [pytest.approx(160, abs=1)]}
    with browser_page() as page:
        enter(page, site, "cut.tlp")
        stage = page.locator("[data-testid=stage]")
        # The page writes whole numbers without a point.
        shown = json.dumps({"x": [round(kept["x"][0])], "y": []})
        expect(stage).to_have_attribute("data-guides", shown.replace(" ", ""))
