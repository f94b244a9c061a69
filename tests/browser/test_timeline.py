"""The timeline in a real JupyterLab: a gesture is the edit that a cell would make."""

import json
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pytest
from browser.conftest import Opener
from browser.lab import becomes, run_code, wait_for_kernel
from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

HOSTILE = "<img src=x onerror=window.hacked=1>"
Button: TypeAlias = Literal["left", "right"]
CANVAS = "canvas[data-testid=timeline]"
# V2 above V1 above A1; the film has sound, c1 and c2 are one medium's parts.
CELLS = (
    f"""
film, other = tl.open("film.mp4"), tl.open("other.mp4")
cut = tl.Edit("walk", rate=25, size=(640, 360))
cut.append(film.clip("1s", "4s", name="street"))
cut.append(film.clip("5s", "7s", name={HOSTILE!r}))
cut.append(other.clip("1s", "4s", name="other"))
cut.add_track("video")
start, point = cut.timeline, cut.history.point
def same(change):
    twin = tl.Edit(timeline=start)
    change(twin)
    return twin.timeline == cut.timeline or cut.history.script(point)
""",
    "widget = tl.TimelineWidget(cut)\nwidget",
)


@dataclass
class Canvas:
    """The timeline's canvas, by seconds and rows."""

    page: Page

    def at(self, seconds: float, row: int) -> tuple[float, float]:
        """The page's pixels in the middle of a row."""
        canvas = self.page.locator(CANVAS)
        box = canvas.bounding_box()
        assert box is not None
        px_per_s = float(canvas.get_attribute("data-px-per-s") or 0)
        origin = float(canvas.get_attribute("data-origin-s") or 0)
        tops = json.loads(canvas.get_attribute("data-tops") or "[]")
        ruler = float(canvas.get_attribute("data-ruler") or 0)
        scrolled = float(canvas.get_attribute("data-scroll-px") or 0)
        y = box["y"] + ruler + tops[row] - scrolled + 32
        return box["x"] + (seconds - origin) * px_per_s, y

    def drag(
        self,
        start: tuple[float, int],
        end: tuple[float, int],
        *,
        keys: tuple[str, ...] = (),
    ) -> None:
        mouse = self.page.mouse
        mouse.move(*self.at(*start))
        mouse.down()
        for key in keys:
            self.page.keyboard.down(key)
        middle = ((start[0] + end[0]) / 2, end[1])
        mouse.move(*self.at(*middle), steps=4)
        mouse.move(*self.at(*end), steps=4)
        mouse.up()
        for key in keys:
            self.page.keyboard.up(key)

    def click(self, seconds: float, row: int, button: Button = "left") -> None:
        self.page.mouse.click(*self.at(seconds, row), button=button)

    def tool(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def canvas(show: Opener) -> Canvas:
    page = show(*CELLS, widget="timeline-widget")
    page.wait_for_selector(f"{CANVAS}[data-duration='8']")
    return Canvas(page)


def same(canvas: Canvas, change: str) -> None:
    """Insist that the edit is what the cell's call makes of the start, and shown."""
    wait_for_kernel(canvas.page, f"same(lambda t: {change})", "True")
    shows_all_steps(canvas.page)


def shows_all_steps(page: Page) -> None:
    made = run_code(page, "print(len(cut.session.steps_made))")
    page.wait_for_selector(f"{CANVAS}[data-steps='{made}']")


def undo(canvas: Canvas) -> None:
    canvas.page.locator(CANVAS).focus()
    canvas.page.keyboard.press("Control+z")
    wait_for_kernel(canvas.page, "cut.timeline == start", "True")
    shows_all_steps(canvas.page)


def test_dragging_moves_clips_along_and_between_tracks(canvas: Canvas) -> None:
    # Picture and sound are linked: both go 2 s later, within what the view shows.
    canvas.drag((5.3, 1), (7.3, 1), keys=("Alt",))
    same(canvas, 't.shift(["c5", "c6"], by="50f")')
    undo(canvas)
    canvas.page.keyboard.press("Escape")
    canvas.drag((3.5, 1), (3.5, 0))
    same(canvas, 't.shift(["c3"], by=0, up=1)')
    undo(canvas)
    # The third clip's head comes near the playhead, and snaps to it.
    run_code(canvas.page, "widget.playhead = 7.52")
    canvas.drag((5.2, 1), (7.75, 1))
    same(canvas, 't.shift(["c5", "c6"], by="63f")')


def test_edges_are_trimmed_rippled_and_rolled(canvas: Canvas) -> None:
    edge = 0.02
    canvas.drag((8 - edge, 1), (7.4 - edge, 1), keys=("Alt",))
    same(canvas, 't.trim("c5", tail="-15f")')
    undo(canvas)
    canvas.tool("Ripple trim")
    canvas.drag((3 - edge, 1), (2.6 - edge, 1), keys=("Alt",))
    same(canvas, 't.ripple("c1", tail="-10f")')
    undo(canvas)
    canvas.tool("Roll the cut")
    canvas.drag((3 - edge, 1), (3.4 - edge, 1), keys=("Alt",))
    same(canvas, 't.roll("c1", by="10f")')
    undo(canvas)
    canvas.tool("Slip the media")
    canvas.drag((4, 1), (3.8, 1), keys=("Alt",))
    same(canvas, 't.slip("c3", by="5f")')
    undo(canvas)
    canvas.tool("Slide the clip")
    canvas.drag((4, 1), (4.4, 1), keys=("Alt",))
    same(canvas, 't.slide("c3", by="10f")')


def test_keys_split_delete_copy_and_move(canvas: Canvas) -> None:
    page = canvas.page
    page.locator(CANVAS).focus()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("s")
    same(canvas, 't.split("49f")')
    undo(canvas)
    page.keyboard.press("Enter")
    wait_for_kernel(page, "sorted(widget.selection)", "['c1', 'c2']")
    page.keyboard.press("Delete")
    same(canvas, 't.lift("c1")')
    undo(canvas)
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Delete")
    same(canvas, 't.delete("c1")')
    undo(canvas)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+c")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+v")
    wait_for_kernel(page, "cut.session.undo_label", "paste")
    wait_for_kernel(page, "[c.name for c in cut.clips].count('street')", "2")
    undo(canvas)
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+ArrowRight")
    same(canvas, 't.shift(["c1", "c2"], by="1f")')
    undo(canvas)
    page.keyboard.press("ArrowDown")
    wait_for_kernel(page, "widget.playhead", "3.0")
    page.keyboard.press("m")
    same(canvas, 't.markers.add("75f", name="Marker 1")')
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    same(canvas, 't.markers.add("75f", name="Marker 1")')


def test_a_drop_on_a_locked_track_snaps_back_and_says_why(canvas: Canvas) -> None:
    page = canvas.page
    page.get_by_role("button", name="Lock V1").click()
    same(canvas, 't.set_track("V1", locked=True)')
    canvas.drag((6.5, 1), (10, 1))
    page.wait_for_selector(".tnb-notice:has-text('locked')")
    same(canvas, 't.set_track("V1", locked=True)')
    page.get_by_role("button", name="Mute A1").click()
    volume = page.get_by_role("slider", name="Volume of A1")
    volume.focus()
    page.keyboard.press("ArrowLeft")
    wait_for_kernel(page, "cut.timeline.tracks[2].gain_db", "-0.5")
    wait_for_kernel(page, "cut.timeline.tracks[2].enabled", "False")


def test_a_marquee_a_menu_and_zooming(canvas: Canvas) -> None:
    page = canvas.page
    canvas.drag((0.5, 0), (4, 1))
    wait_for_kernel(page, "sorted(widget.selection)", "['c1', 'c3']")
    page.keyboard.press("Escape")
    wait_for_kernel(page, "widget.selection", "[]")
    canvas.click(4, 1, button="right")
    page.get_by_role("menuitem", name="Ripple delete").click()
    same(canvas, 't.delete("c3")')
    undo(canvas)
    canvas.click(2.5, 1, button="right")
    page.get_by_role("menuitem", name="Dissolve into the next clip").click()
    same(canvas, 't.dissolve(after=0, duration="24f")')
    undo(canvas)
    before = float(page.locator(CANVAS).get_attribute("data-px-per-s") or 0)
    x, y = canvas.at(4, 1)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    page.wait_for_function(
        f"() => Number(document.querySelector('{CANVAS}').dataset.pxPerS) > {before}"
    )
    # What was under the pointer is still there.
    becomes(lambda: abs(canvas.at(4, 1)[0] - x) < 2, True)
    page.get_by_role("button", name="Fit").click()
    page.wait_for_function(
        f"() => Math.abs(document.querySelector('{CANVAS}').dataset.pxPerS"
        f" - {before}) < 1e-6"
    )


def test_names_stay_text_and_a_cell_s_edit_shows_at_once(canvas: Canvas) -> None:
    page = canvas.page
    canvas.click(4, 1)
    page.wait_for_selector(".tnb-spoken:has-text('<img src=x')", state="attached")
    run_code(page, 'cut.delete("c5")')
    page.wait_for_selector(f"{CANVAS}[data-duration='5']")
    run_code(
        page,
        f"cut.subtitles.add({HOSTILE!r}, start=0, end=2)\n"
        "cut.markers.add(1, name='<b>')",
    )
    page.wait_for_selector(".tnb-track-header[data-type=subtitle]")
    assert page.evaluate("() => window.hacked") is None


def test_two_views_of_one_edit_stay_in_step(show: Opener) -> None:
    page = show(
        CELLS[0],
        "a = tl.TimelineWidget(cut)\na",
        "b = tl.TimelineWidget(cut)\nb",
        "a",
        widget="timeline-widget",
    )
    page.wait_for_function(
        f"() => document.querySelectorAll(\"{CANVAS}[data-duration='8']\").length === 3"
    )
    page.locator(CANVAS).nth(1).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Delete")
    page.wait_for_function(
        f"() => document.querySelectorAll(\"{CANVAS}[data-duration='5']\").length === 3"
    )
    wait_for_kernel(page, "a.view_count, b.view_count", "2 1")
