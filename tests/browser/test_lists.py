"""The history and markers panels, and the sign of unsaved work, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.alone_page import enter, own_copy
from browser.lab import becomes
from media_factory import Recipe, make
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl

pytestmark = pytest.mark.browser
CANVAS = "canvas[data-testid=timeline]"
AXE = Path(__file__).parents[2] / "widgets-js/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A project of 10 s in two clips, below a piece of sound that spans both."""
    folder = tmp_path_factory.mktemp("lists")
    make(folder, Recipe("film.mp4", frames=250, size=(320, 180), clicks=True))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(320, 180), studio=studio)
        film = tl.open(folder / "film.mp4", studio=studio)
        for start in (0, 5):
            cut.append(film.clip(start, start + 5), track=None)
        cut.add_track("audio", name="Music")
        cut.overwrite(film, at=0, only="sound", sound="Music")
        cut.save(folder / "start.tlp")
    with alone(folder) as site:
        yield site


@pytest.fixture
def opened(page: Page, site: Site, request: pytest.FixtureRequest) -> tuple[Page, str]:
    name = own_copy(site.folder, "start.tlp", request.node.name)
    enter(page, site, name)
    page.wait_for_selector(f"{CANVAS}[data-duration='10']")
    return page, name


def _edit(site: Site, name: str, expression: str) -> str:
    code = f"cut = shared._edits[{name!r}].edit\nprint({expression}, end=';')"
    printed = site.run(code)
    assert printed.endswith(";"), printed
    return printed[:-1]


def _is(site: Site, name: str, expression: str, expected: str) -> None:
    """Insist that the edit becomes so."""
    becomes(lambda: _edit(site, name, expression), expected)


def _tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def test_a_click_on_a_step_goes_there_and_saving_clears_the_sign(
    opened: tuple[Page, str], site: Site
) -> None:
    page, name = opened
    sign = page.locator("[data-testid=unsaved]")
    sign.get_by_text("Saved", exact=True).wait_for()
    _edit(
        site,
        name,
        "[cut.split('2s', clip=0), cut.delete(0), cut.set_track('A1', pan=1)]",
    )
    sign.get_by_text("Unsaved changes").wait_for()
    _tab(page, "History")
    steps = page.locator(".tnb-step-text")
    expect(steps).to_have_text(["Beginning", "Split", "Ripple delete", "Set track"])
    steps.nth(1).click()
    page.wait_for_selector(".tnb-step[aria-current]:has-text('Split')")
    _is(site, name, "cut.history.steps", "['split']")
    _is(site, name, "float(cut.duration)", "10.0")
    expect(page.locator(".tnb-undone")).to_have_count(2)
    expect(page.locator(".tnb-step-saved:visible")).to_have_count(1)
    steps.nth(2).click()
    page.wait_for_selector(".tnb-step[aria-current]:has-text('Delete')")
    # The music that spans the cut is as long as it was.
    _is(site, name, "float(cut.timeline.tracks[0].items[0].duration)", "3.0")
    _is(site, name, "float(cut.timeline.tracks[-1].items[0].duration)", "10.0")
    sign.click()
    sign.get_by_text("Saved", exact=True).wait_for()
    again = tl.load(site.folder / name)
    assert [float(clip.duration) for clip in again.clips] == [3.0, 5.0]


def test_markers_are_found_named_colored_and_deleted_in_their_panel(
    opened: tuple[Page, str], site: Site
) -> None:
    page, name = opened
    for at, text in (("6s", "Chorus"), ("2s", "Verse"), ("4s", "Bridge")):
        _edit(site, name, f"cut.markers.add({at!r}, name={text!r})")
    _tab(page, "Markers")
    names = page.locator(".tnb-marker-name")
    expect(names).to_have_text(["Verse", "Bridge", "Chorus"])
    page.locator(".tnb-marker-clock").nth(1).click()
    expect(page.get_by_test_id("timecode")).to_have_value("00:00:04:00")
    page.locator(".tnb-marker-words").nth(1).click()
    panel = page.locator(".tnb-markers")
    panel.get_by_label("Name", exact=True).fill("Middle eight")
    panel.get_by_label("Note", exact=True).fill("softer")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tnb-marker-text:has-text('softer')")
    marks = "[(m.name, m.note) for m in cut.markers][1]"
    _is(site, name, marks, "('Middle eight', 'softer')")
    page.locator(".tnb-marker-swatch").first.click()
    page.get_by_role("menuitemradio", name="Blue").or_(
        page.get_by_role("menuitem", name="Blue")
    ).or_(page.get_by_role("menuitemcheckbox", name="Blue")).first.click()
    colors = "[(m.name, m.color) for m in cut.markers][0]"
    _is(site, name, colors, "('Verse', 'blue')")
    page.get_by_label("Search markers").fill("soft")
    expect(names).to_have_text(["Middle eight"])
    page.get_by_label("Search markers").fill("")
    page.get_by_label("Delete Chorus").click()
    expect(names).to_have_text(["Verse", "Middle eight"])
    _is(site, name, "len(cut.timeline.markers)", "2")


def test_a_press_on_a_marker_counts_though_another_one_comes_into_it(
    opened: tuple[Page, str], site: Site
) -> None:
    page, name = opened
    for at, text in (("2s", "Verse"), ("6s", "Chorus")):
        _edit(site, name, f"cut.markers.add({at!r}, name={text!r})")
    _tab(page, "Markers")
    names = page.locator(".tnb-marker-name")
    expect(names).to_have_text(["Verse", "Chorus"])
    page.locator(".tnb-marker-clock").nth(1).hover()
    page.mouse.down()
    steps = page.locator(".tnb-step-text")
    before = steps.count()
    _edit(site, name, "cut.markers.add('1s', name='Intro')")
    expect(steps).to_have_count(before + 1)
    page.mouse.up()
    expect(page.get_by_test_id("timecode")).to_have_value("00:00:06:00")
    expect(names).to_have_text(["Intro", "Verse", "Chorus"])
    page.get_by_label("Delete Verse").hover()
    page.mouse.down()
    _edit(site, name, "cut.markers.add('0s', name='Count-in')")
    expect(steps).to_have_count(before + 2)
    page.mouse.up()
    expect(names).to_have_text(["Count-in", "Intro", "Chorus"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panels_pass_axe(opened: tuple[Page, str], site: Site, scheme: str) -> None:
    page, name = opened
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    _edit(
        site, name, "[cut.markers.add('2s', name='Verse'), cut.split('2s'), cut.undo()]"
    )
    # Not as a script of the page, which allows none but its own.
    page.evaluate(AXE.read_text("utf-8"))
    for tab, part in (("Markers", ".tnb-markers"), ("History", ".tnb-history")):
        _tab(page, tab)
        page.wait_for_selector(f"{part} li")
        found = page.evaluate(
            "async (part) => (await axe.run(part)).violations.map((v) =>"
            " [v.id, v.nodes.map((n) => n.html)])",
            part,
        )
        assert found == []
