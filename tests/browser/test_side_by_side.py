"""Two notebooks side by side, and two views of one editor, by mouse and keys."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.lab import Lab, write_notebook
from media_factory import Recipe, make
from playwright.sync_api import Locator, Page, expect

import timeline_nb as tl

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

LIVE = "[data-testid=editor-widget][data-state=live]"
CANVAS = "canvas[data-testid=timeline]"
OPEN = """async ([path, mode]) => {
    const { commands, shell } = window.jupyterapp;
    const panel = await commands.execute(
        'docmanager:open', { path, options: { mode, ref: shell.currentWidget?.id } });
    await panel.sessionContext.ready;
    await panel.revealed;
    shell.activateById(panel.id);
    panel.node.dataset.notebook = path;
    await commands.execute('notebook:run-all-cells');
}"""


@pytest.fixture
def folder(lab: Lab, tmp_path: Path) -> Iterator[Path]:
    """A folder of projects of three clips: of 3, 2 and 1 s."""
    # A name of its own, also for a second try.
    own = lab.folder / tmp_path.name
    own.mkdir()
    film = make(own, Recipe("film.mp4", frames=150, size=(160, 90), clicks=True))
    with tl.open_studio(tl.Settings(roots=(own,))) as studio:
        media = tl.open(film, studio=studio)
        for name in ("one", "two"):
            cut = tl.Edit(name, rate=25, size=(160, 90), studio=studio)
            cut.append([media.clip(0, "3s"), media.clip(0, "2s"), media.clip(0, "1s")])
            cut.save(own / f"{name}.tlp")
    yield own
    shutil.rmtree(own, ignore_errors=True)


def opened(page: Page, lab: Lab, folder: Path, *cells: str) -> list[Locator]:
    """Open a notebook for each last cell side by side; return their editors."""
    page.set_viewport_size({"width": 1900, "height": 1000})
    found = []
    for number, source in enumerate(cells):
        name = f"{number}.ipynb"
        write_notebook(folder / name, ["import timeline_nb as tl", source, "cut"])
        path = f"{folder.name}/{name}"
        if not number:
            page.goto(f"{lab.url}/lab?token={lab.token}&reset")
            page.wait_for_function("() => window.jupyterapp?.restored")
            page.evaluate("() => window.jupyterapp.restored")
        page.evaluate(OPEN, [path, "split-right" if number else "tab-after"])
        editor = page.locator(f"[data-notebook='{path}'] {LIVE}")
        editor.wait_for()
        found.append(editor)
    return found


def lasts(editor: Locator, seconds: float) -> None:
    expect(editor.locator(CANVAS)).to_have_attribute("data-duration", str(seconds))


def picture(editor: Locator) -> Locator:
    return editor.locator("canvas.tnb-picture").first


def is_at(editor: Locator, frame: int) -> None:
    expect(picture(editor)).to_have_attribute("data-frame", str(frame))


def select(editor: Locator, seconds: float) -> None:
    """Press a clip at a second of the first track."""
    canvas = editor.locator(CANVAS)
    canvas.scroll_into_view_if_needed()
    told = canvas.evaluate("(c) => ({ ...c.dataset })")
    x = (seconds - float(told["originS"])) * float(told["pxPerS"])
    canvas.click(position={"x": x, "y": float(told["ruler"]) + 30})


def stands_still(editor: Locator) -> None:
    expect(editor.get_by_role("button", name="Play").first).to_be_visible()
    expect(editor.get_by_role("button", name="Pause")).to_have_count(0)


def test_two_edits_have_their_own_keys(page: Page, lab: Lab, folder: Path) -> None:
    load = 'cut = tl.Edit.load("{}.tlp")'
    one, two = opened(page, lab, folder, load.format("one"), load.format("two"))
    for editor in (one, two):
        lasts(editor, 6)
    select(one, 0.5)
    page.keyboard.press("Shift+Delete")
    lasts(one, 3)
    lasts(two, 6)
    # Keys go to the one that was pressed last.
    select(two, 4)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    is_at(two, 1)
    page.keyboard.press("Space")
    two.get_by_role("button", name="Pause").first.wait_for()
    stands_still(one)
    page.keyboard.press("Space")
    two.get_by_role("button", name="Play").first.wait_for()
    page.keyboard.press("Control+z")
    # Two has no step of its own: one's stays, also once two has taken its next key.
    page.keyboard.press("End")
    is_at(two, 149)
    lasts(one, 3)
    one.locator(CANVAS).focus()
    page.keyboard.press("Control+z")
    lasts(one, 6)
    lasts(two, 6)


def test_two_notebooks_that_share_an_edit_show_each_others_steps(
    page: Page, lab: Lab, folder: Path
) -> None:
    cell = 'cut = tl.Edit.load("one.tlp")\ncut.share()'
    one, two = opened(page, lab, folder, cell, cell)
    select(one, 0.5)
    page.keyboard.press("Shift+Delete")
    lasts(one, 3)
    lasts(two, 3)
    select(two, 0.5)
    page.keyboard.press("Shift+Delete")
    lasts(two, 1)
    lasts(one, 1)
    # Each undoes its own step.
    one.locator(CANVAS).focus()
    page.keyboard.press("Control+z")
    lasts(one, 4)
    lasts(two, 4)
    page.keyboard.press("Space")
    one.get_by_role("button", name="Pause").first.wait_for()
    stands_still(two)


def test_two_views_of_an_editor_take_keys_and_show_one_edit(
    page: Page, lab: Lab, folder: Path
) -> None:
    [one] = opened(page, lab, folder, 'cut = tl.Edit.load("one.tlp")')
    page.evaluate(
        """() => {
            const { content } = window.jupyterapp.shell.currentWidget;
            content.activeCellIndex = 2;
            return window.jupyterapp.commands.execute('notebook:create-output-view');
        }"""
    )
    two = page.locator(f".jp-LinkedOutputView {LIVE}")
    two.wait_for()
    select(two, 0.5)
    page.keyboard.press("Shift+Delete")
    for editor in (one, two):
        lasts(editor, 3)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    two.get_by_role("button", name="Pause").first.wait_for()
    # Else the sound would come twice.
    expect(one.get_by_role("button", name="Pause")).to_have_count(0)
    page.keyboard.press("Space")
    two.get_by_role("button", name="Play").first.wait_for()
    expect(one.get_by_role("button", name="Pause")).to_have_count(0)
    one.locator(CANVAS).focus()
    page.keyboard.press("Control+z")
    for editor in (one, two):
        lasts(editor, 6)
