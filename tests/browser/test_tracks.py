"""Heads, ruler, markers, scroll bars and lists of the timeline, by mouse and keys."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser.alone_page import enter, in_step, own_copy
from browser.lab import becomes, wait_until_still
from media_factory import Recipe, make
from playwright.sync_api import Locator, Page, expect
from server.scene import Site, alone

import timeline_nb as tl

pytestmark = pytest.mark.browser
CANVAS = "canvas[data-testid=timeline]"
AXE = Path(__file__).parents[2] / "widgets-js/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 40 s: seven tracks with pictures and seven with sound."""
    folder = tmp_path_factory.mktemp("tracks")
    film = Recipe("film.mp4", frames=250, size=(640, 360), clicks=True)
    make(folder, film)
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
        film_media = tl.open(folder / "film.mp4", studio=studio)
        for number in range(5):
            cut.append(film_media.clip("1s", "9s", name=f"shot {number}"))
        for kind in ("video", "audio"):
            for _ in range(6):
                cut.add_track(kind)
        cut.save(folder / "start.tlp")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with alone(folder) as site:
        yield site


@dataclass
class View:
    """A page with the editor of a project of its own."""

    page: Page
    site: Site
    name: str

    def edit(self, expression: str) -> str:
        """What an expression of the edit `cut` is in the program."""
        return self.site.run(
            f"cut = shared._edits[{self.name!r}].edit\nprint({expression})"
        )

    def waits_for(self, expression: str, expected: str) -> None:
        """Insist that the edit becomes so, and that the page shows it."""
        becomes(lambda: self.edit(expression), expected)
        in_step(self.page, self.site, self.name)

    @property
    def canvas(self) -> Locator:
        return self.page.locator(CANVAS)

    def fact(self, name: str) -> float:
        return float(self.canvas.get_attribute(f"data-{name}") or 0)

    def x(self, seconds: float) -> float:
        """The page's pixel of a time."""
        box = self.canvas.bounding_box()
        assert box is not None
        return box["x"] + (seconds - self.fact("origin-s")) * self.fact("px-per-s")

    def lane_y(self, of_ruler: float) -> float:
        """The page's pixel of a height in the canvas."""
        box = self.canvas.bounding_box()
        assert box is not None
        return box["y"] + of_ruler

    def drag(
        self, start: tuple[float, float], end: tuple[float, float], *, keys: str = ""
    ) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        if keys:
            self.page.keyboard.down(keys)
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=3)
        mouse.move(*end, steps=3)
        mouse.up()
        if keys:
            self.page.keyboard.up(keys)

    @property
    def clock(self) -> Locator:
        return self.page.get_by_test_id("timecode")

    def goes_to(self, typed: str, clock: str) -> None:
        """Type a time into the clock, and go back to the canvas."""
        self.clock.fill(typed)
        self.clock.press("Enter")
        self.canvas.focus()
        expect(self.clock).to_have_value(clock)


@pytest.fixture
def view(page: Page, site: Site, folder: Path, request: pytest.FixtureRequest) -> View:
    name = own_copy(folder, "start.tlp", request.node.name)
    # The strip below the tracks is in the window as well.
    page.set_viewport_size({"width": 1400, "height": 1500})
    enter(page, site, name)
    page.wait_for_selector(f"{CANVAS}[data-duration='40']")
    wait_until_still(page)
    return View(page, site, name)


HEADS = """() => {
    const canvas = document.querySelector('canvas[data-testid=timeline]');
    const top = canvas.getBoundingClientRect().top + Number(canvas.dataset.ruler);
    const rows = JSON.parse(canvas.dataset.tops);
    return [...document.querySelectorAll('.tnb-track-header')].map((head, row) =>
        head.getBoundingClientRect().top
            - (top + rows[row] - Number(canvas.dataset.scrollPx)));
}"""


def test_heads_and_lanes_scroll_together_to_the_last_track(view: View) -> None:
    page = view.page
    heads = page.locator(".tnb-track-headers")
    last = page.locator(".tnb-track-header").last
    bar = page.locator("[data-testid=rows-bar]")

    def is_shown(head: Locator) -> bool:
        inner, outer = head.bounding_box(), heads.bounding_box()
        assert inner is not None
        assert outer is not None
        return (
            inner["y"] >= outer["y"] - 1
            and inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1
        )

    def becomes_shown(head: Locator) -> None:
        becomes(lambda: is_shown(head), True)

    def is_level() -> bool:
        return all(abs(off) < 1 for off in page.evaluate(HEADS))

    # The lowest pictures over the first sound come first.
    for track in ("V1", "A1"):
        becomes_shown(page.locator(f"[data-track={track}].tnb-track-header"))
    assert not is_shown(last)
    becomes(is_level, True)
    box = bar.locator("i").bounding_box()
    assert box is not None
    x, y = box["x"] + 4, box["y"] + 8
    view.drag((x, y), (x, y + 500))
    page.wait_for_function(f"() => {_scroll()} > 200")
    becomes_shown(last)
    becomes(is_level, True)
    heads.hover()
    page.mouse.wheel(0, -5000)
    page.wait_for_function(f"() => {_scroll()} === 0")
    becomes_shown(page.locator(".tnb-track-header").first)


def _scroll() -> str:
    return f"Number(document.querySelector('{CANVAS}').dataset.scrollPx)"


STEPS = "len(cut.session.steps_made)"
NAMES = "[t.name for t in cut.timeline.tracks if t.kind == 'video']"


def test_tracks_are_renamed_moved_sized_and_deleted_at_their_heads(view: View) -> None:
    page = view.page
    head = page.locator(".tnb-track-header[data-track=V1]")
    head.locator(".tnb-track-header-name").dblclick()
    page.keyboard.type("Street")
    page.keyboard.press("Enter")
    view.waits_for(f"{NAMES}[0]", "Street")
    street = page.locator(".tnb-track-header[data-track=Street]")
    above = page.locator(".tnb-track-header[data-track=V2]")
    street.wait_for()
    name = street.locator(".tnb-track-header-name").bounding_box()
    goal = above.bounding_box()
    assert name is not None
    assert goal is not None
    view.drag((name["x"] + 60, name["y"] + 8), (name["x"] + 60, goal["y"] + 12))
    view.waits_for(NAMES, "['V2', 'Street', 'V3', 'V4', 'V5', 'V6', 'V7']")
    view.waits_for(
        "cut.history.script().splitlines()[-1]", "cut.move_track('Street', 1)"
    )
    page.wait_for_function(
        "() => { const heads = document.querySelectorAll('.tnb-track-header');"
        " const names = [...heads].map((head) => head.dataset.track);"
        " return names.indexOf('Street') === names.indexOf('V2') - 1; }"
    )
    edge = street.locator(".tnb-track-edge").bounding_box()
    assert edge is not None
    steps = int(view.edit(STEPS))
    x, y = edge["x"] + 90, edge["y"] + 2
    view.drag((x, y), (x, y + 40))
    page.wait_for_function(
        "() => document.querySelector('[data-track=Street].tnb-track-header')"
        ".offsetHeight === 98"
    )
    # A control that is focused comes into view, as by the Tab key.
    page.get_by_role("button", name="Insert media on V3").focus()
    page.get_by_role("button", name="Insert media on V3").click()
    page.wait_for_selector("[data-track=V3] .tnb-track-kind[aria-pressed=true]")
    targets = "[data-type=video] .tnb-track-kind[aria-pressed=true]"
    expect(page.locator(targets)).to_have_count(1)
    page.get_by_role("button", name="Lock Street").focus()
    street.click(button="right")
    page.get_by_role("menuitem", name="Delete track").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete track").click()
    view.waits_for(NAMES, "['V2', 'V3', 'V4', 'V5', 'V6', 'V7']")
    # Neither the height was a step, nor what is pressed at a head.
    assert view.edit(STEPS) == str(steps + 1)


def test_the_menu_of_a_head_zooms_waveforms_locks_and_adds(view: View) -> None:
    page = view.page
    head = page.locator(".tnb-track-header[data-track=A1]")
    head.click(button="right")
    page.get_by_role("menuitem", name="Waveform zoom").click()
    page.get_by_role("menuitemcheckbox", name="4\N{MULTIPLICATION SIGN}").click()
    head.click(button="right")
    page.get_by_role("menuitem", name="Waveform zoom").click()
    chosen = page.get_by_role(
        "menuitemcheckbox", name="4\N{MULTIPLICATION SIGN}", checked=True
    )
    chosen.wait_for()
    wait_until_still(page)
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run('.tnb-menu')")
    assert [(f["id"], f["nodes"][0]["html"]) for f in found["violations"]] == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    head.click(button="right")
    page.get_by_role("menuitemcheckbox", name="Mute").click()
    view.waits_for(
        "[t.enabled for t in cut.timeline.tracks if t.name == 'A1']", "[False]"
    )
    # How a track looks is no step.
    assert view.edit(STEPS) == "1"


def test_without_linked_selection_a_press_takes_the_picture_alone(view: View) -> None:
    page = view.page
    shown = page.locator(".tnb-timeline .tnb-spoken[aria-live]")
    page.locator(".tnb-track-header[data-track=V1]").scroll_into_view_if_needed()
    row = page.locator(".tnb-track-header[data-track=V1]").bounding_box()
    assert row is not None
    spot = view.x(4), row["y"] + row["height"] / 2
    page.mouse.click(*spot)
    expect(shown).to_contain_text("shot 0, shot 0")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+L")
    toggle = page.get_by_role("button", name="Linked selection")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    page.mouse.click(*spot)
    expect(shown).to_contain_text("Selected: shot 0, at")


# The seconds of the clips on the first tracks of pictures and of sound.
LENGTHS = (
    "[[float(c.duration) for c in t.items if hasattr(c, 'id')]"
    " for t in cut.timeline.tracks if t.name in ('V1', 'A1')]"
)
END = "float(cut.duration)"


def middle_of(view: View, track: str) -> float:
    """The page's pixel of the middle of a track's row."""
    head = view.page.locator(f".tnb-track-header[data-track={track}]")
    head.scroll_into_view_if_needed()
    box = head.bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2


def test_without_linked_selection_edits_leave_the_sound_alone(view: View) -> None:
    page = view.page
    last = view.edit("cut.clips[-1].id")
    toggle = page.get_by_role("button", name="Linked selection")
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    picture = middle_of(view, "V1")
    page.mouse.move(view.x(36), picture)
    page.mouse.down()
    page.mouse.move(view.x(36.5), picture, steps=4)
    page.mouse.move(view.x(38), picture, steps=4)
    # The kernel has told what it would do: no sound is shown to go along.
    expect(view.canvas).to_have_attribute("data-planned", "true")
    expect(view.canvas).to_have_attribute("data-ghosts", last)
    page.mouse.up()
    view.waits_for(f"{END} > 41", "True")
    view.waits_for(LENGTHS, "[[8.0, 8.0, 8.0, 8.0, 8.0], [8.0, 8.0, 8.0, 8.0, 8.0]]")
    end = float(view.edit(END))
    view.drag((view.x(end) - 2, picture), (view.x(end - 1), picture), keys="Alt")
    view.waits_for(f"7.8 > {LENGTHS}[0][-1] > 6.2", "True")
    view.waits_for(f"{LENGTHS}[1][-1]", "8.0")
    page.keyboard.press("Delete")
    view.waits_for(f"[len(row) for row in {LENGTHS}]", "[4, 5]")
    # With it, Alt takes one clip alone, and a plain press both.
    page.mouse.click(view.x(12), middle_of(view, "V1"))
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    # A button that is pressed may have scrolled the page.
    spot = view.x(12), middle_of(view, "A1")
    page.keyboard.down("Alt")
    page.mouse.click(*spot)
    page.keyboard.up("Alt")
    page.keyboard.press("Delete")
    view.waits_for(f"[len(row) for row in {LENGTHS}]", "[4, 4]")
    page.mouse.click(view.x(20), middle_of(view, "V1"))
    page.keyboard.press("Delete")
    view.waits_for(f"[len(row) for row in {LENGTHS}]", "[3, 3]")


FIRST = "float(cut.timeline.markers[0].marked_range.start)"
MARKS = (
    "[(m.name, float(m.marked_range.start), float(m.marked_range.duration),"
    " m.color, m.note) for m in cut.markers]"
)


def test_markers_are_added_dragged_described_and_visited(view: View) -> None:
    page = view.page
    lane = view.lane_y(30)
    page.mouse.dblclick(view.x(10), lane)
    view.waits_for("len(cut.markers)", "1")
    start = float(view.edit(FIRST))
    # A whole frame within a pixel of the pointer.
    assert start == round(start * 25) / 25
    assert abs(start - 10) <= 1 / view.fact("px-per-s") + 0.04
    view.drag((view.x(start), lane), (view.x(20), lane), keys="Alt")
    view.waits_for(f"19.9 < {FIRST} < 20.1", "True")
    at = float(view.edit(FIRST))
    page.mouse.dblclick(view.x(at), lane)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("<b>Applause</b>")
    dialog.get_by_label("Blue").check()
    dialog.get_by_label("Start").fill("1200")
    dialog.get_by_label("Duration").fill("2:00")
    dialog.get_by_label("Note").fill("Keep\nthis")
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="detached")
    view.waits_for(MARKS, "[('<b>Applause</b>', 12.0, 2.0, 'blue', 'Keep\\nthis')]")
    # The later half of the range, near its end: it is made longer.
    view.drag((view.x(14), lane), (view.x(16), lane))
    view.waits_for("round(float(next(iter(cut.markers)).marked_range.end), 1)", "16.0")
    page.mouse.move(view.x(13), lane)
    page.wait_for_function(
        f"() => document.querySelector('{CANVAS}').title.endsWith('Keep\\nthis')"
    )
    view.canvas.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowDown")
    clock = "document.querySelector('[data-testid=timecode]').value"
    page.wait_for_function(f"() => {clock} === '00:00:12:00'")
    page.keyboard.press("Alt+Shift+M")
    view.waits_for("len(cut.markers)", "0")


def test_in_and_out_are_dragged_on_the_ruler(view: View) -> None:
    page = view.page
    view.goes_to("5:00", "00:00:05:00")
    page.keyboard.press("i")
    view.goes_to("10:00", "00:00:10:00")
    page.keyboard.press("o")
    page.wait_for_selector(".tnb-scrub-span", state="visible")
    view.drag((view.x(10), view.lane_y(10)), (view.x(20), view.lane_y(10)))
    share = (
        "() => { const s = document.querySelector('.tnb-scrub-span').style;"
        " return [parseFloat(s.left), parseFloat(s.width)]; }"
    )
    # Of frames 0 to 999: from 125 to 500, within a pixel's frames.
    pixel = 100 / (40 * view.fact("px-per-s"))
    wide = pytest.approx(100 * 375 / 999, abs=2 * pixel + 0.1)
    becomes(
        lambda: page.evaluate(share), [pytest.approx(100 * 125 / 999, abs=0.01), wide]
    )
    _, width = page.evaluate(share)
    # The strip above moves both, and does not move the playhead.
    expect(view.clock).to_have_value("00:00:10:00")
    view.drag((view.x(12), view.lane_y(2)), (view.x(17), view.lane_y(2)), keys="Alt")
    moved = pytest.approx(100 * 250 / 999, abs=2 * pixel + 0.1)
    same = pytest.approx(width, abs=0.11)
    becomes(lambda: page.evaluate(share), [moved, same])
    expect(view.clock).to_have_value("00:00:10:00")


def test_a_zoomed_view_follows_jumps_and_is_scrolled(view: View) -> None:
    page = view.page
    view.canvas.focus()
    fitted = view.fact("px-per-s")
    for _ in range(4):
        page.keyboard.press("=")
    facts = f"document.querySelector('{CANVAS}').dataset"
    page.wait_for_function(f"() => Number({facts}.pxPerS) > {4 * fitted}")
    width = page.evaluate(f"() => document.querySelector('{CANVAS}').clientWidth")

    def is_in_view(seconds: float) -> bool:
        x = (seconds - view.fact("origin-s")) * view.fact("px-per-s")
        return bool(0 <= x <= width)

    assert not is_in_view(38)
    page.fill("[data-testid=timecode]", "38:00")
    page.press("[data-testid=timecode]", "Enter")
    page.wait_for_function(
        f"() => Number(document.querySelector('{CANVAS}').dataset.originS) > 20"
    )
    becomes(lambda: is_in_view(38), True)
    view.canvas.focus()
    page.keyboard.press("Home")
    page.wait_for_function(
        f"() => Number(document.querySelector('{CANVAS}').dataset.originS) === 0"
    )
    # A drag that is held at the edge goes on scrolling, and the playhead with it.
    box = view.canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 10, steps=3)
    page.wait_for_function(
        f"() => Number(document.querySelector('{CANVAS}').dataset.originS) > 15"
    )
    page.mouse.up()
    expect(view.clock).to_have_value(re.compile(r"00:00:(1[5-9]|[2-4]\d):\d\d"))
    # What was scrolled last is drawn by the frame after the next.
    wait_until_still(page)
    # The strip below: its end is dragged out until all is in view.
    strip = page.locator("[data-testid=overview]").bounding_box()
    window = page.locator(".tnb-overview-window").bounding_box()
    assert strip is not None
    assert window is not None
    y = strip["y"] + 10
    view.drag((window["x"] + 2, y), (strip["x"] - 20, y))
    page.wait_for_function(
        f"() => Number(document.querySelector('{CANVAS}').dataset.originS) === 0"
    )
    page.locator("[data-testid=overview]").dblclick()
    page.wait_for_function(
        f"() => Math.abs(document.querySelector('{CANVAS}').dataset.pxPerS"
        f" - {fitted}) < 1e-6"
    )


def test_the_timeline_is_reached_by_few_tabs_and_read_as_a_list(view: View) -> None:
    page = view.page
    page.locator(".tnb-timeline-toolbar button").first.focus()
    stops: list[str] = []
    where = (
        "() => document.activeElement.closest("
        "'.tnb-timeline-toolbar, .tnb-clock-corner, .tnb-track-headers, .tnb-add-track,"
        " canvas, .tnb-item-list')?.className.split(' ').at(-1)"
    )
    for _ in range(12):
        stops.append(page.evaluate(where) or "")
        if stops[-1] == "tnb-item-list":
            break
        page.keyboard.press("Tab")
    # One stop each; the toolbar's own widgets are within its one stop.
    assert stops == [
        "tnb-timeline-toolbar",
        "tnb-clock-corner",
        "tnb-track-headers",
        "tnb-add-track",
        "tnb-tracks",
        "tnb-item-list",
    ]
    said = "() => document.activeElement.textContent"
    becomes(lambda: page.evaluate(said), "shot 0, 00:00:00:00 to 00:00:08:00")
    page.keyboard.press("ArrowRight")
    becomes(lambda: page.evaluate(said), "shot 1, 00:00:08:00 to 00:00:16:00")
    page.keyboard.press("ArrowDown")
    within = "() => document.activeElement.parentElement?.ariaLabel"
    becomes(lambda: page.evaluate(within), "Track A1")
    page.keyboard.press("Space")
    page.wait_for_selector("[role=option][aria-selected=true]", state="attached")
    page.wait_for_selector(
        ".tnb-spoken[aria-live]:has-text('Selected: shot 1')", state="attached"
    )
    page.keyboard.press("Shift+Delete")
    view.waits_for("len(cut.clips)", "4")
    wait_until_still(page)
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run('.tnb-timeline')")
    assert [(f["id"], f["nodes"][0]["html"]) for f in found["violations"]] == []


@pytest.mark.whole
def test_time_runs_to_the_right_on_a_page_from_right_to_left(view: View) -> None:
    page = view.page
    page.evaluate(
        "() => { document.querySelector('.tnb.tnb-editor-widget').dir = 'rtl'; }"
    )
    wait_until_still(page)
    heads = page.locator(".tnb-track-headers").bounding_box()
    lanes = view.canvas.bounding_box()
    assert heads is not None
    assert lanes is not None
    assert heads["x"] > lanes["x"]
    page.mouse.click(lanes["x"] + lanes["width"] * 0.75, lanes["y"] + 10)
    page.wait_for_function(
        "() => Number(document.querySelector('[data-testid=timecode]')"
        ".value.split(':')[2]) > 25"
    )
    first, last = (
        page.locator(f"[data-command='player.{end}']").bounding_box()
        for end in ("toStart", "toEnd")
    )
    assert first is not None
    assert last is not None
    assert first["x"] < last["x"]


@pytest.mark.whole
def test_bars_stay_on_one_line_and_put_the_rest_in_a_menu(view: View) -> None:
    page = view.page
    page.set_viewport_size({"width": 520, "height": 900})
    page.wait_for_selector(".tnb-layout[data-shape=narrow]")
    wait_until_still(page)
    for bar in (".tnb-transport", ".tnb-timeline-toolbar"):
        height = page.locator(bar).bounding_box()
        assert height is not None
        assert height["height"] < 45
        more = page.locator(f"{bar} [aria-label=More]")
        more.click()
        page.wait_for_selector("[role=menu]")
        page.keyboard.press("Escape")
    view.canvas.focus()
    fitted = view.fact("px-per-s")
    page.keyboard.press("=")
    becomes(lambda: view.fact("px-per-s") > fitted, True)
    zoomed = view.fact("px-per-s")
    page.locator(".tnb-timeline-toolbar [aria-label=More]").click()
    page.get_by_role("menuitem", name="Fit").click()
    page.wait_for_function(
        f"() => Number(document.querySelector('{CANVAS}').dataset.pxPerS) !== {zoomed}"
    )
