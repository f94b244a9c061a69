"""The strip in a real JupyterLab: drawn, followed, moved, and harmless."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.lab import (
    Lab,
    browser_page,
    open_notebook,
    run_code,
    running_lab,
    write_notebook,
)
from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

HOSTILE = "<img src=x onerror=window.hacked=1>"
CELLS = (
    f"""
from fractions import Fraction as F
import timeline_nb as tl
from timeline_nb.timebase import TimeRange
media = tl.MediaReference(path="a.mp4", size=(1280, 720), rate=F(25),
                          available_range=TimeRange(F(0), F(60)), has_audio=True)
def clip(start, length, name):
    return tl.Clip(name=name, media=media, source_range=TimeRange(F(start), F(length)))
cut = tl.Edit("walk", rate=25, size=(1280, 720))
cut.append([clip(10, 4, "street"), clip(20, 3, {HOSTILE!r}), clip(30, 3, "dog")])
cut.dissolve(at=1, duration="1s")
""",
    "strip = tl.TimelineStrip(cut)\nstrip",
)
CANVAS = "canvas[data-testid=timeline-strip]"
PIXEL = """([x, y]) => {
    const canvas = document.querySelector('canvas[data-testid=timeline-strip]');
    const density = canvas.width / canvas.clientWidth;
    const at = canvas.getContext('2d').getImageData(x * density, y * density, 1, 1);
    return [...at.data];
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    write_notebook(folder / "strip.ipynb", CELLS)
    with running_lab(folder) as running:
        yield running


@pytest.fixture
def page(lab: Lab) -> Iterator[Page]:
    with browser_page() as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        open_notebook(page, lab, "strip.ipynb")
        page.wait_for_selector(CANVAS, timeout=30_000)
        yield page
        assert faults == []


def _x(page: Page, seconds: float, duration: float = 10.0) -> float:
    wide: float = page.evaluate(f"() => document.querySelector('{CANVAS}').clientWidth")
    return 44 + seconds * (wide - 44) / duration


def _wait_for_attribute(page: Page, name: str, value: str) -> None:
    page.wait_for_selector(f"{CANVAS}[{name}='{value}']", timeout=20_000)


def _wait_for_kernel(page: Page, expression: str, value: str) -> None:
    """Ask until the kernel has heard: a widget sends a change once the last arrived."""
    for _ in range(50):
        said = run_code(page, f"print({expression})")
        if said == value:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{expression} is {said}, not {value}")


def test_the_strip_is_drawn_followed_and_moved(page: Page, tmp_path: Path) -> None:
    video = (63, 109, 181)
    # V1 lies under the ruler of 24 px: clips are blue at the foot of their row.
    assert tuple(page.evaluate(PIXEL, [_x(page, 2), 54]))[:3] == video
    assert tuple(page.evaluate(PIXEL, [_x(page, 9), 54]))[:3] == video

    run_code(page, "cut.ripple_delete(2)")
    _wait_for_attribute(page, "aria-valuemax", "7")
    run_code(page, "cut.undo()")
    _wait_for_attribute(page, "aria-valuemax", "10")

    canvas = page.locator(CANVAS)
    canvas.click(position={"x": _x(page, 5.01), "y": 40})
    _wait_for_kernel(page, "strip.playhead", "5.0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    _wait_for_attribute(page, "aria-valuetext", "00:00:05:02")
    _wait_for_kernel(page, "strip.playhead", "5.08")
    run_code(page, "strip.playhead = 1.0")
    _wait_for_attribute(page, "aria-valuenow", "1")

    assert canvas.get_attribute("role") == "slider"
    assert canvas.get_attribute("aria-label") == "Timeline of walk"
    assert page.evaluate("() => window.hacked") is None
    page.screenshot(path=tmp_path / "strip.png")


def test_the_strip_follows_the_theme_and_the_width(page: Page, tmp_path: Path) -> None:
    before = page.evaluate(PIXEL, [_x(page, 7.5), 100])
    theme = "{ theme: 'JupyterLab Dark' }"
    change = (
        f"() => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    )
    page.evaluate(change)
    page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    page.set_viewport_size({"width": 760, "height": 700})
    page.wait_for_function(
        f"() => document.querySelector('{CANVAS}').clientWidth < 600"
    )
    page.wait_for_timeout(300)
    page.screenshot(path=tmp_path / "dark.png")
    assert page.evaluate(PIXEL, [20, 2]) != [0, 0, 0, 255]
    assert before[3] in {0, 255}
    width, shown = page.evaluate(
        f"() => {{ const c = document.querySelector('{CANVAS}');"
        " return [c.width, c.clientWidth * window.devicePixelRatio]; }"
    )
    assert abs(width - shown) <= 1


def test_running_the_cell_again_leaves_one_strip_and_no_listener(page: Page) -> None:
    again = "() => window.jupyterapp.commands.execute('notebook:run-cell')"
    page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }"
    )
    for _ in range(5):
        page.evaluate(again)
    page.wait_for_function(f"() => document.querySelectorAll('{CANVAS}').length === 1")
