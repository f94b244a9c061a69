"""Take the README's pictures of the notebooks, in a real JupyterLab.

.venv/bin/python tests/readme_pictures.py
"""

import io
import os
import shutil
import tempfile
from pathlib import Path

from browser.lab import Lab, browser_page, open_notebook, run_code, running_lab
from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "notebooks" / "pictures"


def keep(page: Page, selector: str, name: str) -> None:
    """Write a picture of an element to a file of the notebooks."""
    page.wait_for_timeout(2500)
    shot = page.locator(selector).first.screenshot()
    PICTURES.mkdir(exist_ok=True)
    Image.open(io.BytesIO(shot)).convert("RGB").save(PICTURES / name, quality=86)
    print(PICTURES / name)


def take_editor(page: Page, lab: Lab) -> None:
    """Take the editor of the second notebook, light and dark."""
    open_notebook(page, lab, "02_editor.ipynb")
    editor = "[data-testid=editor-widget]"
    page.locator(editor).first.scroll_into_view_if_needed()
    run_code(page, "cut.editor.playhead = 7.6; cut.editor.selection = ['c4']")
    keep(page, editor, "editor.webp")
    change = "window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    page.evaluate(f"theme => {change}", "JupyterLab Dark")
    keep(page, editor, "editor_dark.webp")
    page.evaluate(f"theme => {change}", "JupyterLab Light")


def take_overlay(page: Page, lab: Lab) -> None:
    """Take the overlay of the third notebook."""
    open_notebook(page, lab, "03_overlay.ipynb")
    page.locator("[data-testid=overlay-widget]").first.scroll_into_view_if_needed()
    keep(page, "[data-testid=overlay-widget]", "overlay.webp")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TIMELINE_NB_CACHE_DIR"] = str(folder / "cache")
        for path in (ROOT / "notebooks").glob("*.ipynb"):
            shutil.copy(path, folder)
        with running_lab(folder) as lab, browser_page() as page:
            page.set_viewport_size({"width": 1720, "height": 1200})
            take_editor(page, lab)
            take_overlay(page, lab)


if __name__ == "__main__":
    main()
