"""Clips and texts on the picture, in a real browser, read back from its pixels."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.alone_page import enter, in_step, own_copy
from browser.lab import becomes, wait_until_still
from PIL import Image
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl

SIZE = (640, 360)
STAGE = "[data-testid=stage]"
# The box of what is near to a color on the shown picture, in pixels of the edit.
BOX_OF = """([red, green, blue]) => {
  const draft = document.querySelector('[data-testid=stage-draft]');
  const canvas = draft.hidden ? document.querySelector('[data-testid=picture]') : draft;
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [640, 360];
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0, 640, 360);
  const { data } = context.getImageData(0, 0, 640, 360);
  let [left, top, right, bottom] = [1e9, 1e9, -1, -1];
  for (let y = 0; y < 360; y++) for (let x = 0; x < 640; x++) {
    const at = 4 * (y * 640 + x);
    const away = Math.max(Math.abs(data[at] - red), Math.abs(data[at + 1] - green),
      Math.abs(data[at + 2] - blue));
    if (away > 90) continue;
    left = Math.min(left, x); right = Math.max(right, x + 1);
    top = Math.min(top, y); bottom = Math.max(bottom, y + 1);
  }
  return [left, top, right, bottom];
}"""
STEPS = "print(len(shared._edits[{!r}].edit.session.steps_made))"
RED, BLUE = [230, 20, 20], [20, 60, 220]
Box = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stage")
    Image.new("RGB", SIZE, (20, 200, 40)).save(folder / "ground.png")
    Image.new("RGB", (320, 180), (230, 20, 20)).save(folder / "patch.png")
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=SIZE, studio=studio)
        ground = tl.open(folder / "ground.png", studio=studio)
        patch = tl.open(folder / "patch.png", studio=studio)
        cut.append(ground.clip("0s", "4s"))
        cut.add_track("video")
        cut.append(patch.clip("0s", "4s"), track="V2")
        # 160 by 90 pixels of the edit, a quarter of the way across and down.
        place = tl.Transform(fit="none", position=(0.25, 0.25), scale=0.5)
        [clip] = next(t.items for t in cut.timeline.tracks if t.name == "V2")
        assert isinstance(clip, tl.Clip)
        cut.set(clip.id, transform=place)
        blue = {"box_color": "#143cdc", "color": "#143cdc"}
        box: dict[str, Any] = {"size": 0.1, "box_padding": 0.02, **blue}
        cut.titles.add("Words", start=0, end="4s", **box)
        cut.save(folder / "cut.tlp")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with alone(folder) as site:
        yield site


@pytest.fixture
def project(folder: Path, request: pytest.FixtureRequest) -> str:
    return own_copy(folder, "cut.tlp", request.node.name)


@pytest.fixture
def opened(page: Page, site: Site, project: str) -> Page:
    enter(page, site, project)
    page.wait_for_selector(f"{STAGE}[data-layers='3']")
    # The patch is 160 by 90, about a quarter of the way across.
    _wait_for(page, RED, (80, 45, 240, 135))
    wait_until_still(page)
    return page


def _box(page: Page, color: list[int]) -> Box:
    left, top, right, bottom = page.evaluate(BOX_OF, color)
    return (left, top, right, bottom)


def _wait_for(page: Page, color: list[int], expected: Box, within: float = 4) -> None:
    """Wait until a color fills a box of the picture, in pixels of the edit."""
    page.wait_for_function(
        f"([color, box, within]) => ({BOX_OF})(color)"
        ".every((side, n) => Math.abs(side - box[n]) <= within)",
        arg=[color, list(expected), within],
    )


def _grows(page: Page, side: int, least: float) -> None:
    """Wait until the blue box reaches beyond a pixel at its right (2) or bottom (3)."""
    page.wait_for_function(
        f"([color, side, least]) => ({BOX_OF})(color)[side] > least",
        arg=[BLUE, side, least],
    )


def _at(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the edit is on the page."""
    box = page.locator(STAGE).bounding_box()
    assert box is not None
    scale = box["width"] / SIZE[0]
    return box["x"] + x * scale, box["y"] + y * scale


def _drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*_at(page, *start))
    page.mouse.down()
    page.mouse.move(*_at(page, *end), steps=6)


def _selected(page: Page) -> str:
    return page.get_attribute(STAGE, "data-selected") or ""


def _undo(page: Page) -> None:
    page.keyboard.press("Control+z")


def _at_rest(page: Page) -> None:
    """Wait until the patch is where it was, on the picture and for the handles."""
    _wait_for(page, RED, (80, 45, 240, 135))
    page.wait_for_selector(
        ".tnb-stage-drawing [data-box='80.0 44.0 240.0 134.0']", state="attached"
    )


def _transform(page: Page) -> None:
    page.mouse.click(*_at(page, 160, 90))
    page.click("[data-testid=stage-menu]")
    page.click("text=Move, scale and rotate")
    page.wait_for_selector(f"{STAGE}[data-mode=transform]")


@pytest.mark.browser
def test_a_clip_is_moved_scaled_and_turned_by_handles(opened: Page) -> None:
    page = opened
    _transform(page)
    page.keyboard.down("Control")
    _drag(page, (160, 90), (200, 130))
    # Its outline is where the pointer took it (at rest it lay on an even row), and so
    # is the picture of the draft.
    outline = page.locator(".tnb-stage-drawing [data-box]").first
    expect(outline).to_have_attribute("data-box", "120.0 84.0 280.0 174.0")
    expect(page.locator(".tnb-stage-label")).to_have_text("X 200 px, Y 130 px")
    page.wait_for_selector("[data-testid=stage-draft]:not([hidden])")
    _wait_for(page, RED, (120, 85, 280, 175))
    page.mouse.up()
    page.keyboard.up("Control")
    page.wait_for_selector("[data-testid=stage-draft]", state="hidden")
    _wait_for(page, RED, (120, 85, 280, 175))
    # One step, undone by one.
    _undo(page)
    _at_rest(page)
    # A corner away from the opposite one, which stays: twice as large.
    _drag(page, (240, 135), (400, 225))
    page.mouse.up()
    _wait_for(page, RED, (80, 45, 400, 225))
    _undo(page)
    _at_rest(page)
    # From the center: by as much to all sides; Ctrl, since its top is near a safe area.
    page.keyboard.down("Control")
    page.keyboard.down("Alt")
    _drag(page, (240, 135), (280, 157.5))
    page.mouse.up()
    page.keyboard.up("Alt")
    page.keyboard.up("Control")
    _wait_for(page, RED, (40, 22.5, 280, 157.5))
    _undo(page)
    _at_rest(page)
    # A quarter turn about its center (160, 90).
    knob = page.locator(".tnb-stage-drawing circle").bounding_box()
    assert knob is not None
    page.mouse.move(knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    page.mouse.down()
    page.keyboard.down("Shift")
    page.mouse.move(*_at(page, 260, 92), steps=6)
    expect(page.locator(".tnb-stage-label")).to_have_text("90.0°")
    page.mouse.up()
    page.keyboard.up("Shift")
    _wait_for(page, RED, (115, 10, 205, 170))
    _undo(page)


@pytest.mark.browser
def test_keys_nudge_cancel_and_cycle(opened: Page) -> None:
    page = opened
    _transform(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    # An unrotated picture lies on even pixels.
    _wait_for(page, RED, (82, 55, 242, 145), within=2)
    page.wait_for_selector("[data-testid=stage-draft]", state="hidden")
    _undo(page)
    _at_rest(page)
    _drag(page, (160, 90), (300, 200))
    expect(page.locator(".tnb-stage-label")).to_be_visible()
    page.wait_for_selector("[data-testid=stage-draft]:not([hidden])")
    page.keyboard.press("Escape")
    page.mouse.up()
    _at_rest(page)
    patch = _selected(page)
    page.keyboard.press("Tab")
    becomes(lambda: _selected(page) != patch, True)
    ground = _selected(page)
    page.keyboard.press("Shift+Tab")
    becomes(lambda: _selected(page), patch)
    page.keyboard.press("Shift+Tab")
    becomes(lambda: _selected(page) != patch, True)
    assert len({ground, _selected(page), ""}) == 3
    # From the topmost on, the focus leaves the picture.
    page.keyboard.press("Shift+Tab")
    expect(page.locator(STAGE)).not_to_be_focused()


@pytest.mark.browser
def test_what_is_moved_snaps_to_the_center(opened: Page) -> None:
    page = opened
    _transform(page)
    _drag(page, (160, 90), (323, 176))
    snaps = page.locator(".tnb-stage-drawing line.snap:not(.under)")
    expect(snaps).to_have_count(2)
    page.mouse.up()
    _wait_for(page, RED, (240, 135, 400, 225), within=2)
    _undo(page)
    _at_rest(page)

    # A guide out of the ruler on the left; a corner that is scaled meets it.
    page.click("[data-testid=stage-menu]")
    page.get_by_role("menuitemcheckbox", name="Rulers").click()
    _drag(page, (4, 200), (400.3, 200))
    page.mouse.up()
    page.wait_for_selector(f'{STAGE}[data-guides=\'{{"x":[400],"y":[]}}\']')
    _drag(page, (240, 135), (396, 223))
    expect(snaps.first).to_be_attached()
    page.mouse.up()
    # Twice as large, from the corner at 80, 45.
    _wait_for(page, RED, (80, 45, 400, 225), within=2)
    _undo(page)
    _at_rest(page)
    # Pushed back into the ruler it is gone.
    _drag(page, (400, 300), (2, 300))
    page.mouse.up()
    page.wait_for_selector(f'{STAGE}[data-guides=\'{{"x":[],"y":[]}}\']')
    page.click("[data-testid=stage-menu]")
    page.get_by_role("menuitemcheckbox", name="Rulers").click()


@pytest.mark.browser
def test_a_clip_is_cropped_and_pinned(opened: Page, site: Site, project: str) -> None:
    page = opened
    page.mouse.click(*_at(page, 160, 90))
    page.click("[data-testid=stage-menu]")
    page.click("[role=menuitemcheckbox]:has-text('Crop')")
    page.wait_for_selector(f"{STAGE}[data-mode=crop]")
    # The right edge, to the middle.
    _drag(page, (240, 90), (160, 90))
    page.mouse.up()
    _wait_for(page, RED, (80, 45, 160, 135))
    _undo(page)
    _at_rest(page)
    page.click("[data-testid=stage-menu]")
    page.click("[role=menuitemcheckbox]:has-text('Corner pin')")
    page.wait_for_selector(f"{STAGE}[data-mode=pin]")
    page.keyboard.down("Control")
    pins = (((80, 45), (100, 60)), ((80, 135), (100, 120)))
    for made, (start, end) in enumerate(pins, 1):
        _drag(page, start, end)
        page.mouse.up()
        becomes(lambda: site.run(STEPS.format(project)), str(made))
        in_step(page, site, project)
        page.wait_for_selector("[data-testid=stage-draft]", state="hidden")
    page.keyboard.up("Control")
    _wait_for(page, RED, (100, 45, 240, 135))
    _undo(page)
    _undo(page)
    _at_rest(page)


@pytest.mark.browser
def test_a_title_is_edited_on_the_picture(opened: Page) -> None:
    page = opened
    left, top, right, bottom = _box(page, BLUE)
    page.mouse.dblclick(*_at(page, (left + right) / 2, (top + bottom) / 2))
    area = page.locator("[data-testid=stage-text]")
    expect(area).to_be_focused()
    expect(area).to_have_value("Words")
    page.keyboard.type("A longer line")
    # The kernel's draft has a wider box while it is typed.
    _grows(page, 2, right + 20)
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("and another")
    _grows(page, 3, bottom + 15)
    page.keyboard.press("Enter")
    expect(area).to_have_count(0)
    page.wait_for_selector("[data-testid=stage-draft]", state="hidden")
    _grows(page, 2, right + 20)
    _grows(page, 3, bottom + 15)
    # What was typed is one step; Escape makes none.
    _undo(page)
    _wait_for(page, BLUE, (left, top, right, bottom))
    page.mouse.dblclick(*_at(page, 320, 180))
    expect(area).to_be_focused()
    page.keyboard.type("gone")
    expect(area).to_have_value("gone")
    page.keyboard.press("Escape")
    expect(area).to_have_count(0)
    _wait_for(page, BLUE, (left, top, right, bottom))
    # A subtitle or title moves without a mode, by its first press.
    page.keyboard.down("Control")
    _drag(page, (320, 180), (360, 260))
    page.mouse.up()
    page.keyboard.up("Control")
    _wait_for(page, BLUE, (left + 40, top + 80, right + 40, bottom + 80))
    _undo(page)


@pytest.mark.browser
def test_a_subtitle_is_added_and_written_on_the_picture(
    opened: Page, site: Site, project: str
) -> None:
    page = opened
    timeline = page.locator("canvas[data-testid=timeline]")
    timeline.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(f"{STAGE}[data-frame='5']")
    page.keyboard.press("Shift+S")
    area = page.locator("[data-testid=stage-text]")
    expect(area).to_be_focused()
    expect(area).to_have_value("Text")
    page.keyboard.type("Good morning")
    page.keyboard.press("Enter")
    expect(area).to_have_count(0)
    lines = (
        f"edit = shared._edits[{project!r}].edit\n"
        "print(edit.subtitles.to_dataframe()[['start_s', 'end_s', 'text']]"
        ".values.tolist())"
    )
    becomes(lambda: site.run(lines).strip(), "[[0.2, 2.2, 'Good morning']]")
    in_step(page, site, project)
    # From another moment, a double click on the line leads to its text again.
    page.keyboard.press("End")
    page.wait_for_selector(f"{STAGE}[data-frame='99'][data-layers='3']")
    row = timeline.evaluate(
        "(c) => ({ tops: JSON.parse(c.dataset.tops), ruler: Number(c.dataset.ruler),"
        " left: -c.dataset.originS * c.dataset.pxPerS, px: Number(c.dataset.pxPerS),"
        " scroll: Number(c.dataset.scrollPx) })"
    )
    # The row of subtitles is the lowest one, 28 pixels tall.
    y = row["ruler"] - row["scroll"] + row["tops"][-2] + 14
    timeline.dblclick(position={"x": row["left"] + row["px"], "y": y})
    expect(area).to_be_focused()
    expect(area).to_have_value("Good morning")
    page.keyboard.press("Escape")
    expect(area).to_have_count(0)
    expect(page.locator("[data-testid=picture]")).to_have_attribute("data-frame", "5")


@pytest.mark.browser
def test_a_subtitle_added_during_playback_is_written_where_it_stops(
    opened: Page, site: Site, project: str
) -> None:
    page = opened
    page.locator("canvas[data-testid=timeline]").focus()
    page.keyboard.press("Space")
    page.wait_for_selector("[data-testid=picture][data-playing=true]")
    page.keyboard.press("Shift+S")
    expect(page.locator("[data-testid=stage-text]")).to_be_focused()
    picture = page.locator("[data-testid=picture]")
    expect(picture).to_have_attribute("data-playing", "false")
    page.keyboard.type("Go on")
    page.keyboard.press("Enter")
    frame = picture.get_attribute("data-frame")
    lines = (
        f"edit = shared._edits[{project!r}].edit\n"
        "lines = edit.subtitles.to_dataframe()\n"
        "print([(round(s * 25), t) for s, t in zip(lines.start_s, lines.text)])"
    )
    becomes(lambda: site.run(lines).strip(), f"[({frame}, 'Go on')]")


@pytest.mark.browser
def test_a_text_takes_another_style_in_the_bar(opened: Page) -> None:
    page = opened
    box = _box(page, BLUE)
    page.mouse.dblclick(*_at(page, 320, 180))
    page.wait_for_selector(
        ".tnb-text-bar option[value='DejaVu Sans']", state="attached"
    )
    page.fill("[aria-label^='Size of the letters']", "72")
    page.keyboard.press("Tab")
    _grows(page, 2, box[2] + 40)
    page.click(".tnb-text-bar button:has-text('Done')")
    page.wait_for_selector("[data-testid=stage-draft]", state="hidden")
    _grows(page, 2, box[2] + 40)
    _undo(page)
