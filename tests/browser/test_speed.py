"""Speed in the inspector, by mouse and keys: percent, reverse, ramp, a held frame."""

import json
import math
from collections.abc import Iterator
from typing import Any, Final

import pytest
from browser.alone_page import enter, in_step, own_copy
from browser.lab import NUMBER_OF_CANVAS, becomes, browser_page
from media_factory import Recipe, make
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl

pytestmark = pytest.mark.browser

CANVAS = "canvas[data-testid=timeline]"
PICTURE = "canvas.tnb-picture"
RAMP = "canvas[data-testid=ramp]"
BUILD = "edit = shared._edits[{!r}].edit\n"
CLIPS = """
from timeline_nb.timeline.model import Clip
print([[float(c.source_range.duration) for c in t.items if isinstance(c, Clip)]
       for t in edit.timeline.tracks])
"""
KEYS = """
print([[[float(k.time - c.source_range.start), k.value, k.interpolation]
        for e in c.effects for k in e.keyframes.get('rate', ())]
       for t in edit.timeline.tracks for c in t.items])
"""
L: Final = "linear"
EASED: Final = "ease"
# A row of 58 pixels, without the bar of the clip's name, at 16:9.
CELL_PX = (58 - 15) * 1.78
# The bars of a thumbnail along a line, read as those of a whole frame.
NUMBER_OF_CELL = """([left, y, width]) => {
    const context = document.querySelector('[data-testid=timeline]').getContext('2d');
    let number = 0;
    for (let bit = 0; bit < 12; bit++) {
        const x = Math.round(left + width * (2 * bit + 1) / 24);
        const { data } = context.getImageData(x, Math.round(y), 1, 3);
        const mean = (data[1] + data[5] + data[9]) / 3;
        if (data[2] - data[0] > 30 || Math.abs(mean - 128) < 30) return -1;
        number = number * 2 + (mean > 128 ? 1 : 0);
    }
    return number;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("speed")
    film = make(folder, Recipe("film.mp4", frames=250, size=(640, 360), clicks=True))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        for name in ("plain", "held", "ramp", "eased"):
            cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
            cut.append(tl.open(film, studio=studio).clip("2s", "6s"))
            if name == "eased":
                cut.unlink(0)
                cut.effects.animate(
                    0,
                    "speed.rate",
                    {"0s": 1.0, "1.01s": 0.5, "3s": 1.0},
                    interpolation=EASED,
                )
            cut.save(folder / f"{name}.tlp")
    with alone(folder) as site:
        yield site


@pytest.fixture
def page() -> Iterator[Page]:
    with browser_page() as page:
        yield page


class Speed:
    """The first clip of an edit, selected, with its speed in sight."""

    def __init__(self, page: Page, site: Site, source: str) -> None:
        self.page, self.site = page, site
        self.name = own_copy(site.folder, source, "clip")
        enter(page, site, self.name)
        page.wait_for_function(
            f"() => Number(document.querySelector('{CANVAS}').dataset.duration) > 3"
        )
        page.mouse.click(*self.at(0.1))
        page.locator(".tnb-inspector [data-field=scale]").wait_for()
        group = page.locator(".tnb-group-toggle:has-text('Speed')")
        if group.get_attribute("aria-expanded") == "false":
            group.click()

    def at(self, seconds: float) -> tuple[float, float]:
        told: dict[str, Any] = self.page.evaluate(
            f"() => {{ const c = document.querySelector('{CANVAS}');"
            " c.scrollIntoView({ block: 'nearest' });"
            " const b = c.getBoundingClientRect();"
            " return { ...c.dataset, x: b.left, y: b.top }; }"
        )
        x = (seconds - float(told["originS"])) * float(told["pxPerS"])
        y = float(told["ruler"]) + json.loads(told["tops"])[0]
        return told["x"] + x, told["y"] + y + 30

    def goes_to(self, frame: int) -> None:
        """Move the playhead to a frame of the edit by keys."""
        self.page.locator(CANVAS).focus()
        self.page.keyboard.press("Home")
        for key in ["Shift+ArrowRight"] * (frame // 25) + ["ArrowRight"] * (frame % 25):
            self.page.keyboard.press(key)

    def shows(self, frame: int, number: int) -> None:
        """See the picture of a frame of the edit: the frame of the media by number."""
        self.goes_to(frame)
        picture = self.page.locator(PICTURE).first
        expect(picture).to_have_attribute("data-frame", str(frame))
        self.page.wait_for_function(
            f"([c, n]) => ({NUMBER_OF_CANVAS})(c) === n",
            arg=[picture.element_handle(), number],
        )

    def shows_thumb(
        self, seconds: float, expected: object, *, pace: float | None = None
    ) -> None:
        """See a media second in the thumbnail that lies at a second of the timeline.

        Args:
            seconds: Where to look.
            expected: The media second.
            pace: Media seconds a second from the media's second 2 or 6; None of a ramp,
                whose cells count from the clip's start.
        """
        becomes(lambda: self._media_of_thumb(seconds, pace), expected)

    def _media_of_thumb(self, seconds: float, pace: float | None) -> float:
        canvas = self.page.locator(CANVAS)
        per_s = float(canvas.get_attribute("data-px-per-s") or 0)
        left, width = seconds * per_s // CELL_PX * CELL_PX, CELL_PX
        if pace is not None:
            step_s = 2 ** math.ceil(math.log2(CELL_PX * abs(pace) / per_s))
            width = step_s / abs(pace) * per_s
            begin = 2 if pace > 0 else 6
            cell = (begin + seconds * pace) / step_s
            edge = (math.floor(cell) if pace > 0 else math.ceil(cell)) * step_s
            left = (edge - begin) / pace * per_s
        top = self.at(0)[1] - 30
        box = canvas.bounding_box()
        assert box is not None
        where = [left, top - box["y"] + 28, width]
        return float(self.page.evaluate(NUMBER_OF_CELL, where)) / 25

    def point(self, number: int) -> tuple[float, float]:
        """Where a point of the ramp is on the page."""
        ramp = self.page.locator(RAMP)
        ramp.scroll_into_view_if_needed()
        box = ramp.bounding_box()
        assert box is not None
        at, rate = json.loads(ramp.get_attribute("data-points") or "[]")[number]
        x = 6 + (box["width"] - 12) * at / 4
        # From 10 to 800 %, by the logarithm.
        y = 6 + 72 * (1 - math.log(rate / 0.1) / math.log(80))
        return box["x"] + x, box["y"] + y

    def draws(self, points: list[Any]) -> None:
        """Wait until the ramp shows points: pairs of a time and a rate, and more."""
        ramp = self.page.locator(RAMP)
        becomes(
            lambda: json.loads(ramp.get_attribute("data-points") or "[]"),
            [pytest.approx([at, rate]) for at, rate, *_ in points],
        )

    def press_point(self, number: int) -> None:
        self.page.mouse.click(*self.point(number))

    def told(self, code: str) -> str:
        return self.site.run(BUILD.format(self.name) + code)

    def settles(self, code: str, expected: list[Any]) -> None:
        """Wait until the edit is so, and the page shows it."""
        becomes(lambda: json.loads(self.told(code).replace("'", '"')), expected)
        in_step(self.page, self.site, self.name)
        if code == KEYS and expected[0]:
            self.draws(expected[0])


def test_percent_and_reverse_show_the_frames_they_should(
    page: Page, site: Site
) -> None:
    speed = Speed(page, site, "plain.tlp")
    page.get_by_role("textbox", name="Speed").first.fill("50")
    page.keyboard.press("Enter")
    speed.settles(CLIPS, [[8.0], [8.0]])
    # Frames 50 to 149 of the media, each of them twice.
    for frame, number in ((0, 50), (1, 50), (2, 51), (199, 149)):
        speed.shows(frame, number)
    speed.shows_thumb(4.0, pytest.approx(4.0, abs=0.5), pace=0.5)
    speed.shows_thumb(7.5, pytest.approx(5.75, abs=0.5), pace=0.5)
    page.get_by_role("button", name="Reverse").click()
    page.wait_for_selector(".tnb-keys button[aria-pressed=true]")
    # The same frames the other way round: none beyond the cut.
    for frame, number in ((0, 149), (1, 149), (2, 148), (198, 50), (199, 50)):
        speed.shows(frame, number)
    speed.shows_thumb(0.8, pytest.approx(5.75, abs=0.5), pace=-0.5)
    page.get_by_role("button", name="Reverse").click()
    page.get_by_role("textbox", name="Speed").first.fill("200")
    page.keyboard.press("Enter")
    speed.settles(CLIPS, [[2.0], [2.0]])
    speed.shows(24, 50 + 2 * 24)


def test_a_held_frame_is_the_one_at_the_playhead(page: Page, site: Site) -> None:
    speed = Speed(page, site, "held.tlp")
    speed.goes_to(30)
    page.get_by_role("button", name="Freeze frame").click()
    # Frames 0 to 29, two seconds of frame 30, and the rest.
    speed.settles(CLIPS, [[1.2, 2.0, 2.8], [1.2, 2.8]])
    for frame, number in ((29, 79), (30, 80), (79, 80), (80, 80), (81, 81)):
        speed.shows(frame, number)


def test_points_of_a_ramp_are_dragged_and_changed_by_keys(
    page: Page, site: Site
) -> None:
    speed = Speed(page, site, "ramp.tlp")
    page.get_by_role("button", name="Add a ramp").click()
    # At 0, 35, 50 and 65 % of 4 s; 1.4 s are the frame 35, 2.6 s the frame 65.
    points = [[0, 1, L], [1.4, 1, L], [2, 0.5, L], [2.6, 1, L]]
    speed.settles(KEYS, [points, points])
    # A press chooses a point, and changes nothing: no step is made.
    speed.press_point(2)
    expect(page.locator(RAMP)).to_have_attribute("data-chosen", "2")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowUp")
    points[2] = [2, 0.61, L]
    speed.settles(KEYS, [points, points])
    assert speed.told("print(len(edit.session.steps_made))") == "3"
    page.keyboard.press("Alt+Shift+ArrowRight")
    points[2] = [2.4, 0.61, L]
    speed.settles(KEYS, [points, points])
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Delete")
    del points[1]
    speed.settles(KEYS, [points, points])
    speed.goes_to(25)
    page.locator(RAMP).focus()
    page.keyboard.press("Enter")
    # From 1 to 0.61 in 2.4 s: 0.8375 after one.
    points.insert(1, [1, 0.8375, L])
    speed.settles(KEYS, [points, points])
    x, y = speed.point(1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 60, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    speed.settles(KEYS, [points, points])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 60, steps=4)
    page.mouse.up()
    # Down to the least speed, at the time where it was.
    points[1] = [1, 0.1, L]
    speed.settles(KEYS, [points, points])
    # 25 frames from 100 to 10 %: 13.75 of the media; then 35 to 61 %: 12.425.
    speed.shows(25, 50 + 13)
    speed.shows(60, 50 + 26)
    # Thumbnails follow: in the first second they pass 0.55 s of the media.
    speed.shows_thumb(0.98, pytest.approx(2.55, abs=0.2))
    speed.shows_thumb(2.4, pytest.approx(2 + 0.55 + 0.497, abs=0.25))


def test_a_ramp_keeps_how_it_eases_and_what_lies_between_frames(
    page: Page, site: Site
) -> None:
    speed = Speed(page, site, "eased.tlp")
    expected = [[0, 1, EASED], [1.01, 0.5, EASED], [3, 1, EASED]]
    speed.settles(KEYS, [expected, []])
    speed.press_point(2)
    page.keyboard.press("ArrowDown")
    expected[2] = [3, 0.99, EASED]
    speed.settles(KEYS, [expected, []])
    page.get_by_role("button", name="Remove the ramp").click()
    speed.settles(KEYS, [[], []])
