"""The page of `timeline-nb serve`, as a person comes to it."""

from pathlib import Path

from media_factory import Recipe, make
from playwright.sync_api import Page
from server.scene import Site

import timeline_nb as tl


def enter(page: Page, site: Site, name: str) -> None:
    """Open a file of the list, and wait until its widget is live."""
    page.goto(f"{site.base}?token={site.token}")
    # The token leaves the address bar.
    page.wait_for_url(site.base)
    page.click(f"text={name}")
    page.wait_for_selector("[data-state=live]")


def save_cut(folder: Path, film: Recipe) -> None:
    """Make a film in a folder, and beside it `cut.tlp` of its seconds 1 to 5."""
    path = make(folder, film)
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
        cut.append(tl.open(path, studio=studio).clip("1s", "5s"))
        cut.save(folder / "cut.tlp")
