"""One notebook in JupyterLab and by the runners without a browser: one film."""

from pathlib import Path

import pytest
from browser.lab import Lab, open_notebook
from playwright.sync_api import Page
from runners import RUNNERS, film_notebook, sha256

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_four_runners_give_one_film_to_the_byte(
    lab: Lab, page: Page, tmp_path: Path
) -> None:
    folder = lab.folder / tmp_path.name
    folder.mkdir()
    path = film_notebook(folder, lab.folder / "film.mp4")
    open_notebook(page, lab, f"{folder.name}/cut.ipynb")
    page.wait_for_selector("[data-testid=editor-widget][data-state=live]")
    hashes = {"JupyterLab": sha256(folder / "film.mp4")}
    for name, run in RUNNERS.items():
        run(path, f"{name}.mp4", "Ada", tmp_path / name)
        hashes[name] = sha256(folder / f"{name}.mp4")
    assert len(hashes) == 4
    assert len(set(hashes.values())) == 1, hashes
