"""The life of the editor in a notebook: busy kernels, stored pictures, panels."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.lab import (
    NUMBER_OF_CANVAS,
    Lab,
    becomes,
    browser_page,
    end_kernels,
    open_notebook,
    run_code,
    running_lab,
    wait_until_still,
    write_notebook,
)
from media_factory import Recipe, make
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

CELLS = (
    """
import timeline_nb as tl, time
from pathlib import Path
film = tl.open("film.mp4")
cut = tl.Edit("walk", rate=25, size=(640, 360))
cut.append([film.clip("1s", "3s"), film.clip("4s", "5s")])
""",
    "cut",
)
WAITING = "while not Path('go').exists(): time.sleep(0.05)"
EDITOR = "[data-testid=editor-widget]"
LIVE = f"{EDITOR}[data-state=live]"
TIMELINE = "canvas[data-testid=timeline]"
PICTURE = "canvas[data-testid=picture]"
PANEL = ".timeline-nb-panel"
READY = """() => window.jupyterapp?.shell?.currentWidget
    ?.sessionContext?.session?.kernel?.status === 'idle'"""
# A saved JPEG is 960 px wide: how light it is at a place of the picture.
LIGHT_AT = """async ([jpeg, x, y]) => {
    const image = new Image();
    image.src = 'data:image/jpeg;base64,' + jpeg;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return [image.width, context.getImageData(x, y, 1, 1).data[0]];
}"""


@pytest.fixture(scope="module")
def deaf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab whose kernels hear widgets only between cells."""
    folder = tmp_path_factory.mktemp("deaf")
    make(folder, Recipe("film.mp4", frames=150, size=(640, 360), clicks=True))
    place = folder / ".jupyter/settings/@jupyterlab/apputils-extension"
    place.mkdir(parents=True)
    settings = place / "kernels-settings.jupyterlab-settings"
    settings.write_text(json.dumps({"commsOverSubshells": "disabled"}))
    place = folder / ".jupyter/settings/@jupyter-widgets/jupyterlab-manager"
    place.mkdir(parents=True)
    (place / "plugin.jupyterlab-settings").write_text(json.dumps({"saveState": True}))
    with running_lab(folder) as lab:
        yield lab


@pytest.fixture
def page(deaf: Lab) -> Iterator[Page]:
    with browser_page() as page:
        yield page
    (deaf.folder / "go").unlink(missing_ok=True)
    end_kernels(deaf)


def save(page: Page) -> None:
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function(
        "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
    )


def stored(path: Path) -> dict[str, str]:
    """What a saved notebook keeps of the cell that shows the edit."""
    cells = json.loads(path.read_text())["cells"]
    data: dict[str, str] = cells[1]["outputs"][0]["data"]
    return data


def show_by_nbconvert(page: Page, path: Path, *options: str) -> None:
    """Open a notebook as nbconvert writes it, on a machine without a network."""
    made = path.with_suffix(".html")
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html"]
    subprocess.run([*command, *options, str(path)], check=True, capture_output=True)
    page.route(re.compile("^http"), lambda route: route.abort())
    page.goto(made.as_uri(), wait_until="domcontentloaded")


def test_run_all_waits_for_a_long_cell_and_opens_then(deaf: Lab, page: Page) -> None:
    write_notebook(deaf.folder / "long.ipynb", [*CELLS, WAITING])
    page.goto(f"{deaf.url}/lab/tree/long.ipynb?token={deaf.token}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(READY)
    page.evaluate(
        "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
    )
    busy = page.locator(f"{EDITOR}[data-state=busy]")
    # The cell that runs is named, and nobody is told to run anything again.
    expect(busy).to_contain_text(WAITING, timeout=60_000)
    expect(busy).not_to_contain_text("does not answer")
    (deaf.folder / "go").write_text("")
    page.wait_for_selector(LIVE)
    page.wait_for_selector(f"{TIMELINE}[data-duration='3']")

    # The same while it is open: a line says what runs, and goes by itself.
    (deaf.folder / "go").unlink()
    page.evaluate(
        """() => {
            const panel = window.jupyterapp.shell.currentWidget;
            panel.content.activeCellIndex = 2;
            window.jupyterapp.commands.execute('notebook:run-cell');
        }"""
    )
    line = page.locator(f"{EDITOR}[data-state=busy] .tnb-disconnected")
    expect(line).to_contain_text(WAITING, timeout=60_000)
    (deaf.folder / "go").write_text("")
    page.wait_for_selector(LIVE)
    expect(page.locator(".tnb-disconnected")).to_be_hidden()
    (deaf.folder / "go").unlink()


def test_a_notebook_keeps_the_picture_as_changed_by_hand(deaf: Lab, page: Page) -> None:
    write_notebook(deaf.folder / "kept.ipynb", CELLS)
    open_notebook(page, deaf, "kept.ipynb")
    page.wait_for_selector(LIVE)
    page.wait_for_selector("canvas[data-testid=picture][data-frame='0']")
    page.locator(TIMELINE).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Delete")
    page.wait_for_selector(f"{TIMELINE}[data-duration='1']")
    page.wait_for_function(
        f"() => ({NUMBER_OF_CANVAS})(document.querySelector('{PICTURE}')) === 100"
    )
    wait_until_still(page)
    save(page)
    # Saving leaves the editor as it is.
    expect(page.locator(LIVE)).to_have_count(1)
    data = stored(deaf.folder / "kept.ipynb")
    assert "image/png" not in data
    assert "application/vnd.jupyter.widget-view+json" not in data
    assert len(json.dumps(data)) < 150_000
    # Frame 100 of the film, not frame 25, at 853x480 in the middle: its number's bars
    # are 12 bits from the left, dark for 0 and light for 1; bit 5 (32) tells them.
    at = round((960 - 853) / 2 + 853 * (2 * 6 + 1) / 24)
    width, light = page.evaluate(LIGHT_AT, [data["image/jpeg"], at, 100])
    assert width == 960
    assert light > 128

    # Without the kernel that had it, the page shows that picture.
    page.evaluate(
        """async () => {
            const panel = window.jupyterapp.shell.currentWidget;
            await panel.sessionContext.shutdown();
        }"""
    )
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    picture = page.locator(".timeline-nb-output img:visible")
    page.wait_for_function(READY)
    expect(picture).to_be_visible()
    assert data["image/jpeg"][:100] in (picture.get_attribute("src") or "")
    expect(page.locator(".jp-Notebook")).not_to_contain_text("Error displaying widget")
    expect(page.locator(".jp-Notebook")).not_to_contain_text("Loading widget")

    # And the cell shows the editor again when it is run.
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(LIVE)

    # So do pages of nbconvert without a network: of what was saved, which has the
    # state of widgets, and of what nbconvert ran itself.
    assert "widgets" in json.loads((deaf.folder / "kept.ipynb").read_text())["metadata"]
    show_by_nbconvert(page, deaf.folder / "kept.ipynb")
    assert page.locator(".jp-OutputArea img").get_attribute("src") == (
        f"data:image/jpeg;base64,{data['image/jpeg']}"
    )
    show_by_nbconvert(page, deaf.folder / "kept.ipynb", "--execute")
    picture = page.locator(".jp-OutputArea img[src^='data:image/png']")
    expect(picture).to_be_visible()
    becomes(lambda: picture.evaluate("image => image.naturalWidth"), 1920)


def test_the_editor_opens_beside_its_notebook_and_comes_back(
    deaf: Lab, page: Page
) -> None:
    write_notebook(deaf.folder / "beside.ipynb", CELLS)
    open_notebook(page, deaf, "beside.ipynb")
    page.wait_for_selector(LIVE)
    page.wait_for_selector("canvas[data-testid=picture][data-frame='0']")
    button = page.get_by_role("button", name="Open the editor beside the notebook")
    button.click()
    page.wait_for_selector(f"{PANEL} {LIVE}")
    notebook = page.locator(".jp-NotebookPanel")
    expect(notebook.locator("[data-testid=editor-elsewhere]")).to_be_visible()
    wait_until_still(page)
    left, right = notebook.bounding_box(), page.locator(PANEL).bounding_box()
    assert left is not None
    assert right is not None
    assert right["x"] >= left["x"] + left["width"]
    # Picture and timeline are on one screen.
    for part in ("canvas[data-testid=picture]", TIMELINE):
        box = page.locator(f"{PANEL} {part}").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= right["y"] + right["height"] + 1
    # It is the same editor, with its kernel.
    page.locator(TIMELINE).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Delete")
    page.wait_for_selector(f"{TIMELINE}[data-duration='1']")

    page.get_by_role("button", name="Bring it back").click()
    page.wait_for_selector(f".jp-NotebookPanel {LIVE}")
    expect(page.locator(PANEL)).to_have_count(0)

    # The tab's cross does the same; and a cell that is run again takes it along.
    button.click()
    page.wait_for_selector(f"{PANEL} {LIVE}")
    page.locator(".lm-TabBar-tab", has_text="Editor: walk").locator(
        ".lm-TabBar-tabCloseIcon"
    ).click()
    page.wait_for_selector(f".jp-NotebookPanel {LIVE}")
    button.click()
    page.wait_for_selector(f"{PANEL} {LIVE}")
    page.evaluate(
        """async () => {
            const { shell, commands } = window.jupyterapp;
            const notebook = [...shell.widgets('main')].find(w => w.content?.cells
                || w.content?.widgets);
            shell.activateById(notebook.id);
            await commands.execute('notebook:clear-all-cell-outputs');
        }"""
    )
    expect(page.locator(PANEL)).to_have_count(0)
    assert run_code(page, "print(cut.editor.view_count)") in {"0", "1"}
