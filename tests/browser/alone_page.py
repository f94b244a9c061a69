"""The page of `timeline-nb serve`, as a person comes to it."""

import shutil
from itertools import count
from pathlib import Path

from browser.lab import becomes
from media_factory import Recipe, make
from playwright.sync_api import Page
from server.scene import Site

import timeline_nb as tl


def enter(page: Page, site: Site, name: str) -> None:
    """Open a file of the list, and wait until its widget is live."""
    page.goto(f"{site.base}?token={site.token}")
    # The token leaves the address bar.
    page.wait_for_url(site.base)
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_selector("[data-state=live]")


def in_step(page: Page, site: Site, name: str) -> None:
    """Wait until the page shows every step that the program has made of an edit.

    What is pressed or dragged before that may hit what is no longer there.
    """
    made = f"print(len(shared._edits[{name!r}].edit.session.steps_made))"
    canvas = page.locator("canvas[data-testid=timeline]")
    # The program changes the timeline before it counts the step: both are asked again.
    becomes(lambda: canvas.get_attribute("data-steps") == site.run(made).strip(), True)


def own_copy(folder: Path, source: str, name: str) -> str:
    """Copy a project for a test, or for its second try, and return the copy's name.

    A server keeps what was done to a project, and would show it to the next one.
    """
    names = (f"{name} {number}.tlp" for number in count(1))
    free = next(one for one in names if not (folder / one).exists())
    shutil.copy(folder / source, folder / free)
    return free


def save_cut(folder: Path, film: Recipe) -> None:
    """Make a film in a folder, and beside it `cut.tlp` of its seconds 1 to 5."""
    path = make(folder, film)
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
        cut.append(tl.open(path, studio=studio).clip("1s", "5s"))
        cut.save(folder / "cut.tlp")
