"""Clips on the timeline's canvas in a real browser: drags, ghosts, trims, keyframes."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from browser.alone_page import enter, in_step, own_copy
from browser.lab import becomes
from media_factory import Recipe, make
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl

pytestmark = pytest.mark.browser

# Two clips of 4 s from the seconds 2 and 3 of a film of 10 s, and one of 1 s.
BUILD = "edit = shared._edits[{!r}].edit\n"
SPANS = """
from timeline_nb.timeline.model import Clip
from timeline_nb.timeline.queries import range_of
track = next(t for t in edit.timeline.tracks if t.name == NAME)
print([[float(range_of(track, n).start), float(range_of(track, n).end)]
       for n, item in enumerate(track.items) if isinstance(item, Clip)])
"""
BRIDGES = """
from timeline_nb.timeline.model import Transition
print([[float(i.in_offset), float(i.out_offset)] for t in edit.timeline.tracks
       for i in t.items if isinstance(i, Transition)])
"""
KEYS = """
clip = [c for c in edit.timeline.tracks[0].items if getattr(c, 'id', '')][0]
keys = clip.keyframes.get('opacity', ())
print([[float(k.time - clip.source_range.start), k.value] for k in keys])
"""

SCALES = KEYS.replace("opacity", "scale")
ZOOM = "edit.effects.animate(edit.clips[0].id, 'scale', {'1s': 1.0, '2s': 1.5})"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("clips")
    film = Recipe("film.mp4", frames=250, size=(640, 360), clicks=True)
    make(folder, film)
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
        media = tl.open(folder / "film.mp4", studio=studio)
        for span in (("2s", "6s"), ("3s", "7s"), ("1s", "2s")):
            cut.append(media.clip(*span))
        cut.save(folder / "cut.tlp")
    with alone(folder) as site:
        yield site


class Canvas:
    """The timeline of a page: places by seconds and rows, and what the edit is."""

    def __init__(self, page: Page, site: Site, name: str) -> None:
        self.page, self.site, self.name = page, site, name
        enter(page, site, name)
        page.wait_for_function(
            "() => Number(document.querySelector('[data-testid=timeline]')"
            ".dataset.duration) > 8"
        )

    def at(
        self, seconds: float, row: int = 0, share: float = 0.5
    ) -> tuple[float, float]:
        """A point of the page: a second, and a share of a row's height."""
        told: dict[str, Any] = self.page.evaluate(
            "() => { const c = document.querySelector('[data-testid=timeline]');"
            " c.scrollIntoView({ block: 'nearest' });"
            " const b = c.getBoundingClientRect();"
            " return { ...c.dataset, x: b.left, y: b.top }; }"
        )
        tops = json.loads(told["tops"])
        height = {0: 58, 1: 46}[row]
        x = (seconds - float(told["originS"])) * float(told["pxPerS"])
        y = float(told["ruler"]) + tops[row] - float(told["scrollPx"])
        return told["x"] + x, told["y"] + y + share * height

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=3)
        mouse.move(*end, steps=3)

    def told(self, code: str, **values: object) -> Any:
        named = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        build = BUILD.format(self.name)
        return json.loads(self.site.run(named + build + code) or "null")

    def spans(self, track: str = "V1") -> list[list[float]]:
        return list(self.told(SPANS, NAME=track))

    def settles(self, code: str, expected: object, **values: object) -> None:
        """Wait until the edit is as expected, and the page shows it."""
        becomes(lambda: self.told(code, **values), _Near(expected))
        in_step(self.page, self.site, self.name)

    def undo(self) -> None:
        """Undo the last step, once the page knows of it."""
        self.page.click("[aria-label^='Undo']")
        self.page.wait_for_selector("[aria-label^='Redo']:enabled")

    def tells(self, text: str) -> None:
        """Wait until the tip at the pointer says so."""
        expect(self.page.locator(".tnb-drag-tip")).to_contain_text(text)


@pytest.fixture
def canvas(page: Page, site: Site, request: pytest.FixtureRequest) -> Canvas:
    return Canvas(page, site, own_copy(site.folder, "cut.tlp", request.node.name))


V1 = [[0.0, 4.0], [4.0, 8.0], [8.0, 9.0]]


def test_a_trim_tells_numbers_and_shows_two_frames(canvas: Canvas) -> None:
    page = canvas.page
    page.mouse.click(*canvas.at(8.5))
    x, y = canvas.at(9, share=0.85)
    canvas.drag((x - 3, y), (canvas.at(8.6)[0] - 3, y))
    # Ten frames of 25 a second.
    canvas.tells("\N{MINUS SIGN}10f")
    canvas.tells("00:00:00:15")
    shown = page.locator(".tnb-two-up img[data-at-s]").first
    # The frame before the new end: the clip begins with the second 1 of its media.
    becomes(
        lambda: float(shown.get_attribute("data-at-s") or 0), pytest.approx(1.6 - 0.04)
    )
    page.mouse.up()
    canvas.settles(SPANS, [*V1[:2], [8.0, 8.6]], NAME="V1")
    page.wait_for_selector(".tnb-drag-tip", state="detached")
    canvas.undo()
    canvas.settles(SPANS, V1, NAME="V1")


def test_a_ripple_moves_what_follows_while_it_is_dragged(canvas: Canvas) -> None:
    page = canvas.page
    page.click("[aria-label^='Ripple trim']")
    page.mouse.click(*canvas.at(2))
    x, y = canvas.at(4)
    empty = f"({PIXEL})({_where(canvas, 9.3)})"
    last = f"({PIXEL})({_where(canvas, 8.6)})"
    page.wait_for_function(f"() => {last} !== {empty}")
    canvas.drag((x - 3, y), (canvas.at(3)[0] - 3, y))
    # The last clip ends at 8 s now: there is nothing.
    page.wait_for_function(f"() => {last} === {empty}")
    assert canvas.spans() == V1
    page.mouse.up()
    canvas.settles(SPANS, [[0, 3], [3, 7], [7, 8]], NAME="V1")
    assert canvas.spans("A1") == [[0, 3], [3, 7], [7, 8]]
    canvas.undo()
    canvas.settles(SPANS, V1, NAME="V1")
    page.click("[aria-label^='Select and move']")


def test_a_roll_and_a_slip_stop_where_the_media_ends(canvas: Canvas) -> None:
    page = canvas.page
    page.click("[aria-label^='Roll']")
    page.mouse.click(*canvas.at(5))
    x, y = canvas.at(8)
    # The second clip ends with the second 7 of 10, the third is 1 s long.
    canvas.drag((x - 3, y), (x + 900, y))
    canvas.tells("+24f")
    page.mouse.up()
    canvas.settles(SPANS, [V1[0], [4, 8.96], [8.96, 9]], NAME="V1")
    canvas.undo()
    canvas.settles(SPANS, V1, NAME="V1")
    page.click("[aria-label^='Slip']")
    page.mouse.click(*canvas.at(5))
    x, y = canvas.at(5)
    # Its media begins 3 s before what it shows.
    canvas.drag((x, y), (x + 700, y))
    canvas.tells("\N{MINUS SIGN}3:00")
    page.wait_for_selector("figcaption:text('First frame')")
    page.keyboard.press("Escape")
    page.mouse.up()
    # Given up, it makes no step: the marker after it is the first one.
    page.click("[aria-label^='Select and move']")
    page.locator("canvas[data-testid=timeline]").focus()
    page.keyboard.press("m")
    canvas.settles(
        "print([[len(edit.session.steps_made), len(edit.markers)]])", [[1, 1]]
    )


def test_a_dissolve_is_moved_stretched_and_given_a_length(canvas: Canvas) -> None:
    page = canvas.page
    canvas.settles(SPANS, V1, NAME="V1")
    before = _pixel(canvas, 4.3, share=0.3)
    canvas.told("edit.dissolve(after=edit.clips[0].id, duration='24f')")
    canvas.settles(BRIDGES, [[0.48, 0.48], [0.48, 0.48]])
    where = _where(canvas, 4.3, share=0.3)
    page.wait_for_function(f"() => ({PIXEL})({where}) !== '{before}'")
    # In the middle it moves along the cut; its sound goes with it.
    canvas.drag(canvas.at(4.1, share=0.3), canvas.at(4.3, share=0.3))
    canvas.tells("before the cut")
    page.mouse.up()
    canvas.settles(BRIDGES, [[0.28, 0.68], [0.28, 0.68]])
    x, y = canvas.at(4.68, share=0.3)
    canvas.drag((x - 2, y), (canvas.at(5)[0] - 2, y))
    page.mouse.up()
    canvas.settles(BRIDGES, [[0.28, 1.0], [0.28, 1.0]])
    page.mouse.dblclick(*canvas.at(4.2, share=0.3))
    page.fill("[data-testid=transition-length]", "00:00:00:16")
    page.press("[data-testid=transition-length]", "Enter")
    canvas.settles(BRIDGES, [[0.12, 0.52], [0.12, 0.52]])
    page.mouse.click(*canvas.at(4.2, share=0.3), button="right")
    page.click("text=Remove transition")
    canvas.settles(BRIDGES, [])
    assert canvas.spans() == V1


def test_a_move_shows_what_it_overwrites(canvas: Canvas) -> None:
    page = canvas.page
    canvas.drag(canvas.at(8.5), canvas.at(2.5))
    red = f"() => ({RED})({_where(canvas, 2.6, share=0.93)})"
    page.wait_for_function(red)
    page.mouse.up()
    canvas.settles(SPANS, [[0, 2], [2, 3], [3, 4], [4, 8]], NAME="V1")
    canvas.undo()
    canvas.settles(SPANS, V1, NAME="V1")


def test_what_is_deleted_while_it_is_dragged_ends_its_drag_in_silence(
    canvas: Canvas,
) -> None:
    page = canvas.page
    tip = page.locator(".tnb-drag-tip")
    canvas.drag(canvas.at(8.5), canvas.at(8.8))
    expect(tip).to_be_visible()
    page.keyboard.press("Delete")
    page.wait_for_selector(".tnb-drag-tip", state="detached")
    page.mouse.up()
    canvas.settles(SPANS, V1[:2], NAME="V1")
    # By somebody else, and an edge.
    page.mouse.click(*canvas.at(6))
    x, y = canvas.at(8, share=0.85)
    canvas.drag((x - 3, y), (canvas.at(7.5)[0], y))
    expect(tip).to_be_visible()
    canvas.told("edit.delete(1)\nprint('1')")
    page.wait_for_selector(".tnb-drag-tip", state="detached")
    page.mouse.up()
    canvas.settles(SPANS, V1[:1], NAME="V1")
    # What the kernel had refused would have been told by now.
    page.mouse.click(*canvas.at(2))
    page.keyboard.press("Delete")
    canvas.settles(SPANS, [], NAME="V1")
    expect(page.locator(".tnb-notice[data-kind=problem]")).to_have_count(0)


def test_media_lands_where_its_ghost_was(canvas: Canvas) -> None:
    page = canvas.page
    page.wait_for_selector(".tnb-media li")
    box = page.locator(".tnb-media li").first.bounding_box()
    assert box is not None
    mouse = page.mouse
    mouse.move(box["x"] + 20, box["y"] + 20)
    mouse.down()
    mouse.move(box["x"] + 40, box["y"] + 40, steps=3)
    mouse.move(*canvas.at(8.5), steps=5)
    mouse.move(*canvas.at(9))
    page.wait_for_selector(".tnb-drag-tip:has-text('Overwrite')")
    page.keyboard.down("Shift")
    mouse.move(*canvas.at(4.02), steps=2)
    page.wait_for_selector(".tnb-drag-tip:has-text('Insert')")
    # The ghost snaps to the cut.
    page.wait_for_selector(".tnb-drag-tip:has-text('00:00:04:00')")
    mouse.up()
    page.keyboard.up("Shift")
    expected = [[0, 4], [4, 14], [14, 18], [18, 19]]
    canvas.settles(SPANS, expected, NAME="V1")
    assert canvas.spans("A1") == expected
    page.wait_for_selector(".tnb-drag-tip", state="detached")
    canvas.undo()
    canvas.settles(SPANS, V1, NAME="V1")


def test_keyframes_are_added_dragged_and_deleted_on_a_clip(canvas: Canvas) -> None:
    page = canvas.page
    page.mouse.click(*canvas.at(2))
    # The line of full opacity lies 20 pixels below the top of a row of 58.
    top = 20 / 58
    for seconds in (1.0, 2.0, 3.0):
        page.keyboard.down("Control")
        page.mouse.click(*canvas.at(seconds, share=top))
        page.keyboard.up("Control")
    canvas.settles(KEYS, [[1, 1], [2, 1], [3, 1]])
    # The line has 33 pixels: so far down is 0.
    canvas.drag(canvas.at(2, share=top), canvas.at(2.2, share=54 / 58))
    expect(page.locator(".tnb-drag-tip")).to_contain_text(re.compile(r"\b0 %"))
    page.mouse.up()
    canvas.settles(KEYS, [[1, 1], [2.2, 0], [3, 1]])
    page.keyboard.down("Alt")
    page.mouse.click(*canvas.at(3, share=top))
    page.keyboard.up("Alt")
    canvas.settles(KEYS, [[1, 1], [2.2, 0]])
    page.mouse.click(*canvas.at(2.2, share=52 / 58), button="right")
    page.click("text=Remove the keyframe: Opacity")
    canvas.settles(KEYS, [[1, 1]])
    canvas.told("for _ in range(6): edit.undo()")
    canvas.settles(KEYS, [])


def test_keyframes_of_a_zoom_are_seen_and_dragged_on_a_clip(canvas: Canvas) -> None:
    page = canvas.page
    canvas.told(ZOOM)
    canvas.settles(SCALES, [[1, 1], [2, 1.5]])
    # A mark lies 7 pixels above the lower edge of a row of 58.
    low = 51 / 58
    page.mouse.click(*canvas.at(3))
    white = "255 255 255 255"
    becomes(lambda: _pixel(canvas, 2, share=low), white)
    canvas.drag(canvas.at(2, share=low), canvas.at(2.4, share=0.3))
    canvas.tells("+10f")
    page.mouse.up()
    canvas.settles(SCALES, [[1, 1], [2.4, 1.5]])
    becomes(lambda: _pixel(canvas, 2.4, share=low), white)
    # A press alone leads to it, where the inspector shows it.
    page.mouse.click(*canvas.at(1, share=low))
    picture = page.locator("canvas.tnb-picture").first
    expect(picture).to_have_attribute("data-frame", "25")
    canvas.settles(SCALES, [[1, 1], [2.4, 1.5]])
    canvas.told("for _ in range(2): edit.undo()")
    canvas.settles(SCALES, [])


def test_five_presses_move_a_clip_by_five_frames(canvas: Canvas) -> None:
    page = canvas.page
    page.mouse.click(*canvas.at(8.5))
    page.evaluate(
        """() => {
            const canvas = document.querySelector('[data-testid=timeline]');
            const press = { key: 'ArrowRight', code: 'ArrowRight', altKey: true,
                            bubbles: true, cancelable: true };
            for (let n = 0; n < 5; n++)
                canvas.dispatchEvent(new KeyboardEvent('keydown', press));
        }"""
    )
    canvas.settles(SPANS, [*V1[:2], [8.2, 9.2]], NAME="V1")


class _Near:
    """Equal to lists of pairs of seconds that are the same to half a frame."""

    def __init__(self, expected: Any) -> None:
        self._expected = expected

    def __eq__(self, found: object) -> bool:
        assert isinstance(found, list)
        return len(found) == len(self._expected) and all(
            one == pytest.approx(other, abs=0.021)
            for one, other in zip(found, self._expected, strict=True)
        )

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        return repr(self._expected)


# The color of a pixel of the canvas at a point of the page.
PIXEL = """([x, y]) => {
    const canvas = document.querySelector('[data-testid=timeline]');
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    const at = [(x - box.left) * scale, (y - box.top) * scale];
    const { data } = canvas.getContext('2d').getImageData(...at, 1, 1);
    return [...data].join(' ');
}"""
# Whether red stripes lie around a point of the page.
RED = """([x, y]) => {
    const canvas = document.querySelector('[data-testid=timeline]');
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    const at = [(x - box.left) * scale, (y - box.top) * scale];
    const { data } = canvas.getContext('2d').getImageData(...at, 20, 2);
    for (let n = 0; n < data.length; n += 4)
        if (data[n] > 200 && data[n + 1] < 130 && data[n + 2] < 130) return true;
    return false;
}"""


def _where(canvas: Canvas, seconds: float, share: float = 0.8) -> str:
    return json.dumps(list(canvas.at(seconds, share=share)))


def _pixel(canvas: Canvas, seconds: float, share: float = 0.8) -> str:
    where = _where(canvas, seconds, share=share)
    return str(canvas.page.evaluate(f"({PIXEL})({where})"))
