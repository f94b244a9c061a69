"""The same widgets elsewhere: Notebook 7, Voila, and a page without any Jupyter."""

import os
import socket
import sys
from pathlib import Path

import pytest
from browser.lab import (
    NUMBER_OF_CANVAS,
    Lab,
    browser_page,
    open_notebook,
    running,
    running_lab,
    write_notebook,
)
from media_factory import Recipe, make
from playwright.sync_api import Page, Route

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
    page.locator("[data-testid=play]").click()
    page.wait_for_function(
        f"() => Number(document.querySelector('{PICTURE}').dataset.frame) > 20"
    )
    page.locator("[data-testid=play]").click()
    page.wait_for_selector(f"{PICTURE}[data-playing=false]")
    frame = int(page.locator(PICTURE).get_attribute("data-frame") or -1)
    own = frame + 25 if frame < 50 else frame + 50
    assert page.locator(PICTURE).evaluate(NUMBER_OF_CANVAS) == own


def test_notebook_7_shows_the_editor(folder: Path) -> None:
    with running_lab(folder, "notebook") as lab, browser_page() as page:
        open_notebook(page, lab, "hosts.ipynb", place="notebooks")
        use(page)


def test_voila_shows_the_editor(folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lab = Lab(f"http://127.0.0.1:{port}", "", folder)
    command = [sys.executable, "-m", "voila", "hosts.ipynb", "--no-browser"]
    command += [f"--port={port}", "--Voila.ip=127.0.0.1"]
    env = os.environ | {"IPYTHONDIR": str(folder / "ipython")}
    with running(lab, command, "voila/static/favicon.ico", env), browser_page() as page:
        page.goto(lab.url)
        use(page)


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
        assert page.locator(lost).count() == 0
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
        assert page.locator(".tnb").count() == 0
    assert faults == []
