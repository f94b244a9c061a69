"""One JupyterLab and one browser page a test, and a complaint for each fault."""

import shutil
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from browser.lab import (
    Lab,
    browser_page,
    end_kernels,
    open_notebook,
    running_lab,
    write_notebook,
)
from media_factory import Recipe, make
from playwright.sync_api import Page

# Pages complain of these without us: a font Lab does not ship, and its own news.
_NOT_OURS = ("favicon", "net::ERR", "WebGL", "Failed to load resource")

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def lab(
    tmp_path_factory: pytest.TempPathFactory, bikes: Path, bunny: Path
) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(bikes, folder / "bikes.mp4")
    shutil.copy(bunny, folder / "bunny.mp4")
    long_groups = (("crf", "16"), ("g", "250"), ("bf", "2"))
    size = (640, 360)
    make(
        folder,
        Recipe("film.mp4", frames=250, size=size, options=long_groups, clicks=True),
    )
    make(
        folder,
        Recipe("other.mp4", frames=200, rate=Fraction(25), size=size, clicks=True),
    )
    with running_lab(folder) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_kernel_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A notebook of a test's name gets a new kernel when the test is tried again."""
    if "lab" not in request.fixturenames:
        yield
        return
    lab = request.getfixturevalue("lab")
    yield
    end_kernels(lab)


@pytest.fixture
def page() -> Iterator[Page]:
    """A page that must not raise an error."""
    faults: list[str] = []
    with browser_page() as page:
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if said.type == "error" else None,
        )
        yield page
    assert [f for f in faults if not any(known in f for known in _NOT_OURS)] == []


@pytest.fixture
def show(lab: Lab, page: Page, request: pytest.FixtureRequest) -> Opener:
    """Open a notebook of these cells, run it, and wait for a widget to settle."""

    def opened(*cells: str, widget: str) -> Page:
        name = f"{request.node.name[:40]}.ipynb"
        write_notebook(lab.folder / name, ["import timeline_nb as tl", *cells])
        open_notebook(page, lab, name)
        live = f"[data-testid={widget}][data-state=live]"
        page.wait_for_selector(live)
        page.locator(live).first.scroll_into_view_if_needed()
        return page

    return opened
