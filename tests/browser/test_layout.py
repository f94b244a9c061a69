"""The editor's areas: nothing moves under a press, all is in reach at any width."""

from collections.abc import Iterator

import pytest
from browser.alone_page import enter, own_copy
from browser.lab import becomes, wait_until_still
from media_factory import Recipe, make
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl

CANVAS = "canvas[data-testid=timeline]"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("layout")
    make(folder, Recipe("film.mp4", frames=150, size=(640, 360), clicks=True))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
        film = tl.open(folder / "film.mp4", studio=studio)
        cut.append([film.clip("1s", "3s"), film.clip("3s", "5s")])
        cut.save(folder / "cut.tlp")
    with alone(folder) as site:
        yield site


@pytest.fixture
def opened(page: Page, site: Site, request: pytest.FixtureRequest) -> Page:
    enter(page, site, own_copy(site.folder, "cut.tlp", request.node.name))
    page.wait_for_selector(f"{CANVAS}[data-duration='4']")
    return page


def _size(page: Page, width: int, shape: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_selector(f".tnb-layout[data-shape={shape}]")
    wait_until_still(page)


def _box(page: Page, selector: str) -> tuple[float, float, float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]


def test_selecting_a_clip_moves_nothing(opened: Page) -> None:
    page = opened
    _size(page, 1600, "wide")
    before = _box(page, CANVAS)
    page.mouse.move(before[0] + before[2] / 4, before[1] + 90)
    page.mouse.down()
    # The inspector now has a clip's groups in it.
    page.wait_for_selector(".tnb-inspector >> text=Scale")
    wait_until_still(page)
    assert _box(page, CANVAS) == before
    page.mouse.up()
    wait_until_still(page)
    assert _box(page, CANVAS) == before


def test_a_splitter_gives_room_and_is_remembered(opened: Page) -> None:
    page = opened
    _size(page, 1600, "wide")
    bar = _box(page, "[data-area=below]")
    high = _box(page, ".tnb-below")[3]

    def is_high(wanted: float) -> None:
        becomes(lambda: _box(page, ".tnb-below")[3], pytest.approx(wanted, abs=1))

    x, y = bar[0] + bar[2] / 2, bar[1] + bar[3] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=4)
    page.mouse.up()
    is_high(high + 60)
    page.focus("[data-area=below]")
    page.keyboard.press("ArrowDown")
    is_high(high + 44)
    page.reload()
    page.wait_for_selector(f"{CANVAS}[data-duration='4']")
    is_high(high + 44)
    page.dblclick("[data-area=below]")
    is_high(high)


@pytest.mark.parametrize(("width", "shape"), [(1100, "medium"), (760, "narrow")])
def test_picture_and_timeline_are_on_one_screen(
    opened: Page, width: int, shape: str
) -> None:
    page = opened
    _size(page, width, shape)
    page.click("[role=tab]:text-is('Inspector')")
    expect(page.locator(".tnb-inspector")).to_be_visible()
    if shape == "narrow":
        page.click("[role=tab]:text-is('Timeline')")
    expect(page.locator(CANVAS)).to_be_visible()
    wait_until_still(page)
    for selector in (CANVAS, "[data-testid=picture]"):
        x, y, wide, high = _box(page, selector)
        assert min(wide, high) > 120
        assert x >= 0
        assert x + wide <= width
        assert y + high <= 900
    overflow = "() => document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0


@pytest.mark.parametrize(
    ("width", "shape"), [(1600, "wide"), (1100, "medium"), (760, "narrow")]
)
def test_one_key_leads_from_a_field_to_the_timeline(
    opened: Page, width: int, shape: str
) -> None:
    page = opened
    _size(page, width, shape)
    if shape == "narrow":
        page.click("[role=tab]:text-is('Timeline')")
    page.click(CANVAS, position={"x": 60, "y": 90})
    if shape != "wide":
        page.click("[role=tab]:text-is('Inspector')")
    for field in ("input[data-field=x]", "select"):
        page.locator(f".tnb-inspector {field}").first.focus()
        page.keyboard.press("F6")
        expect(page.locator(CANVAS)).to_be_focused()
        if shape == "narrow":
            page.click("[role=tab]:text-is('Inspector')")
    clipped = (
        "(all) => all.filter((i) => i.checkVisibility()"
        " && i.scrollWidth > i.clientWidth).map((i) => i.value)"
    )
    inputs = page.locator(".tnb-inspector input")
    becomes(lambda: inputs.evaluate_all(clipped), [])


def test_the_last_tab_is_seen_whole(opened: Page) -> None:
    page = opened
    _size(page, 1100, "medium")
    page.click("[role=tab]:text-is('Media')")
    tab = page.locator("[role=tab]:text-is('Inspector')")
    tab.click()
    wait_until_still(page)
    # The end of the list, where it fades out, is 28 px.
    x, _, wide, _ = _box(page, ".tnb-tab-list:has([data-tab=inspector])")
    own = tab.bounding_box()
    assert own is not None
    assert own["x"] + own["width"] <= x + wide - 27


def test_it_fills_the_window_and_goes_back(opened: Page) -> None:
    page = opened
    _size(page, 1600, "wide")
    before = _box(page, "[data-testid=editor-widget]")
    page.focus(CANVAS)
    page.keyboard.press("`")
    page.wait_for_selector("[data-filled=true]")
    becomes(lambda: _box(page, "[data-testid=editor-widget]"), (0, 0, 1600, 900))
    expect(page.locator(CANVAS)).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-testid=editor-widget]:not([data-filled])")
    becomes(lambda: _box(page, "[data-testid=editor-widget]"), before)
