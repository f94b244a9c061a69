"""The same widgets elsewhere: Notebook 7, Voila, marimo, and a page without Jupyter."""

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from browser.lab import (
    NUMBER_OF_CANVAS,
    Lab,
    becomes,
    browser_page,
    free_port,
    open_notebook,
    running,
    running_lab,
    write_notebook,
)
from media_factory import Recipe, make
from playwright.sync_api import Page, Route, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

STATIC = Path(__file__).parents[2] / "timeline_nb" / "widgets" / "static"
CELLS = (
    """
import timeline_nb as tl
film = tl.open("film.mp4")
cut = tl.Edit("walk", rate=25, size=(640, 360))
cut.append([film.clip("1s", "3s"), film.clip("4s", "5s")])
""",
    "tl.Editor(cut)",
)
# The color of the timeline's empty part.
LOW_CORNER = """canvas => [...canvas.getContext('2d').getImageData(
    canvas.width - 4, canvas.height - 4, 1, 1).data].slice(0, 3)"""
HALF, MOST_TINT = 128, 24
PICTURE = "canvas[data-testid=picture]"
TIMELINE = "canvas[data-testid=timeline]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recipe = Recipe("film.mp4", frames=150, size=(640, 360), clicks=True)
    make(tmp_path, recipe)
    write_notebook(tmp_path / "hosts.ipynb", CELLS)
    return tmp_path


def use(page: Page) -> None:
    """Cut and play, as anywhere."""
    page.wait_for_selector("[data-testid=editor-widget][data-state=live]")
    page.wait_for_selector(f"{PICTURE}[data-frame='0']")
    assert page.locator(PICTURE).evaluate(NUMBER_OF_CANVAS) == 25
    page.locator(TIMELINE).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Delete")
    page.wait_for_selector(f"{TIMELINE}[data-duration='1']")
    page.keyboard.press("Control+z")
    page.wait_for_selector(f"{TIMELINE}[data-duration='3']")
    _drag_the_end(page)
    page.wait_for_selector(f"{TIMELINE}[data-duration='2.2']")
    page.keyboard.press("Control+z")
    page.wait_for_selector(f"{TIMELINE}[data-duration='3']")
    page.locator("[data-testid=play]").click()
    # More than 20; in marimo the widget is in a shadow root.
    later = re.compile(r"2[1-9]|[3-9]\d")
    expect(page.locator(PICTURE)).to_have_attribute("data-frame", later)
    page.locator("[data-testid=play]").click()
    page.wait_for_selector(f"{PICTURE}[data-playing=false]")
    becomes(lambda: _is_its_own(page), True)


def _is_its_own(page: Page) -> bool:
    """Whether the picture shows the frame of the film that its number says."""
    frame = int(page.locator(PICTURE).get_attribute("data-frame") or -1)
    own = frame + 25 if frame < 50 else frame + 50
    return bool(page.locator(PICTURE).evaluate(NUMBER_OF_CANVAS) == own)


def _drag_the_end(page: Page) -> None:
    """Trim 20 frames off the last clip, by mouse."""
    canvas = page.locator(TIMELINE)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    shown = canvas.evaluate("canvas => ({ ...canvas.dataset })")
    assert box is not None
    x = box["x"] - float(shown["originS"]) * float(shown["pxPerS"])
    y = box["y"] + float(shown["ruler"]) + 40
    second = float(shown["pxPerS"])
    page.mouse.move(x + 3 * second - 2, y)
    page.mouse.down()
    page.mouse.move(x + 2.5 * second, y, steps=4)
    page.mouse.move(x + 2.2 * second - 2, y, steps=4)
    page.mouse.up()


def test_notebook_7_shows_the_editor(folder: Path) -> None:
    with running_lab(folder, "notebook") as lab, browser_page() as page:
        open_notebook(page, lab, "hosts.ipynb", place="notebooks")
        use(page)


def test_voila_shows_the_editor(folder: Path) -> None:
    port = free_port()
    lab = Lab(f"http://127.0.0.1:{port}", "", folder)
    command = [sys.executable, "-m", "voila", "hosts.ipynb", "--no-browser"]
    command += [f"--port={port}", "--Voila.ip=127.0.0.1"]
    env = os.environ | {"IPYTHONDIR": str(folder / "ipython")}
    with running(lab, command, "voila/static/favicon.ico", env), browser_page() as page:
        page.goto(lab.url)
        use(page)


MARIMO = shutil.which("marimo")
APP = """
import marimo

app = marimo.App(width="full")


@app.cell
def _():
    {cells}
    return cut, tl


@app.cell
def _(cut, tl):
    {editor}
    return
"""


@pytest.mark.skipif(not MARIMO, reason="needs marimo, which is missing here")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marimo_shows_the_editor(folder: Path, scheme: Any) -> None:
    cells = CELLS[0].strip().replace("\n", "\n    ")
    (folder / "app.py").write_text(APP.format(cells=cells, editor=CELLS[1]))
    lab = Lab(f"http://127.0.0.1:{free_port()}", "", folder)
    _, _, port = lab.url.rpartition(":")
    command = [str(MARIMO), "run", "app.py", "--headless", "--host=127.0.0.1"]
    command += [f"--port={port}", "--no-token"]
    homes = {f"XDG_{name}_HOME": str(folder) for name in ("CONFIG", "CACHE", "STATE")}
    (folder / "marimo").mkdir()
    theme = f'[display]\ntheme = "{scheme}"\n'
    (folder / "marimo" / "marimo.toml").write_text(theme)
    with running(lab, command, "health", os.environ | homes), browser_page() as page:
        page.goto(lab.url)
        use(page)
        page.screenshot(path=folder / "marimo.png")
        # The canvas draws in the colors of the page, whatever sheet they come from.
        light = page.locator(TIMELINE).evaluate(LOW_CORNER)
        assert max(light) - min(light) < MOST_TINT
        assert (light[0] > HALF) == (scheme == "light")


# A model that nobody answers, as a front end without a kernel has it.
LONELY = """
<!doctype html><body><div id="here"></div>
<script type="module" src="/start.js"></script></body>
"""
START = """
import widget from "/loader.js";
const name = "%s";
const traits = { _bundle: name, _digest: "x",
    playhead: 0, frame: 0, playing: false, selection: [], solo: [],
    visible_classes: [], min_score: 0.25,
    still: "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=" };
const model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; },
    save_changes: () => {}, on: () => {}, off: () => {},
    send: (asked) => { if (asked.kind === "askCode") window.asked = asked; },
};
window.model = model;
window.done = widget.render({ model, el: document.getElementById("here") });
"""
# No eval, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:"
)


@pytest.mark.parametrize("name", ["timeline", "player", "overlay", "editor"])
def test_a_strict_page_without_a_kernel_shows_the_picture(name: str) -> None:
    pages = {"/": ("text/html", LONELY), "/start.js": ("text/javascript", START % name)}

    def answer(route: Route) -> None:
        path = "/" + route.request.url.partition("://")[2].partition("/")[2]
        if path in pages:
            kind, body = pages[path]
        else:
            kind, body = "text/javascript", (STATIC / path[1:]).read_text()
        headers = {"Content-Security-Policy": POLICY}
        route.fulfill(body=body, content_type=kind, headers=headers)

    faults: list[str] = []
    with browser_page() as page:
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if said.type == "error" else None,
        )
        page.add_init_script(
            "delete window.MediaSource; delete window.VideoFrame;"
            "delete window.AudioContext;"
        )
        page.route("**/*", answer)
        page.goto("http://nowhere.test/")
        lost = f"[data-testid={name}-widget][data-state=lost]"
        # The loader asked for the widget, and shows what it has.
        page.wait_for_selector(f"{lost} img")
        assert page.evaluate("() => window.asked.kind") == "askCode"
        page.evaluate("() => window.done()")
        expect(page.locator(lost)).to_have_count(0)
        # The widget itself, in a page that is as strict.
        page.evaluate(
            """async (name) => {
                const { default: widget } = await import(`/${name}.js`);
                const el = document.getElementById("here");
                window.done = widget.render({ model: window.model, el });
            }""",
            name,
        )
        page.wait_for_selector(f"{lost} img")
        page.evaluate("() => window.done()")
        expect(page.locator(".tnb")).to_have_count(0)
    assert faults == []
