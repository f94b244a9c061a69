"""Keys, menus, dialogs and settings of the editor, on the page without Jupyter."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.alone_page import enter, own_copy, save_cut
from browser.conftest import Opener
from browser.lab import becomes, wait_for_kernel, wait_until_still
from media_factory import Recipe
from playwright.sync_api import Locator, Page, expect
from server.scene import Site, alone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROOT = Path(__file__).parents[2]
AXE = ROOT / "widgets-js" / "node_modules" / "axe-core" / "axe.min.js"
CANVAS = "canvas[data-testid=timeline]"
# Of WCAG 2.2, 1.4.11: the least contrast of what tells a state.
LEAST_CONTRAST = 3
CONTRAST = """element => {
    const light = text => {
        const canvas = document.createElement('canvas').getContext('2d');
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        const channels = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        const [red, green, blue] = channels.map(value => value / 255).map(value =>
            value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const style = getComputedStyle(element);
    const [a, b] = [light(style.color), light(style.backgroundColor)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


# At most so many presses of Tab lead from the bin to the timeline.
MOST_STOPS = 20
# What a pointer can press in a part of the page, but for what resets one field.
PRESSABLE = """part => [...document.querySelectorAll(
    `${part} :is(button, input, select, canvas[tabindex])`)]
    .filter(one => one.checkVisibility({ visibilityProperty: true }))
    .filter(one => !one.disabled && !one.matches('.tnb-reset'))
    .map(one => one.ariaLabel || one.textContent)"""
FOCUSED = """part => {
    const one = document.activeElement;
    return one.closest(part) ? one.ariaLabel || one.textContent : '';
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    save_cut(folder, Recipe("film.mp4", frames=250, size=(640, 360), clicks=True))
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with alone(folder) as site:
        yield site


@pytest.fixture
def project(folder: Path, request: pytest.FixtureRequest) -> str:
    return own_copy(folder, "cut.tlp", request.node.name)


@pytest.fixture
def editor(page: Page, site: Site, project: str) -> Iterator[Page]:
    site.run("studio.editor_settings.reset()")
    _enter(page, site, project)
    yield page
    site.run("studio.editor_settings.reset()")


def _enter(page: Page, site: Site, project: str) -> None:
    enter(page, site, project)
    page.wait_for_selector(f"{CANVAS}[data-duration='4']")
    page.wait_for_selector(".tnb-medium >> text=film.mp4")


def _command(page: Page, name: str) -> Locator:
    return page.locator(f".tnb [data-command='{name}']")


def _select_first(page: Page) -> None:
    page.locator(CANVAS).focus()
    page.keyboard.press("Enter")
    page.locator(".tnb-inspector [data-field=scale]").wait_for()


def _tabs_until(page: Page, key: str, condition: str) -> int:
    """How often a key is pressed until a condition holds."""
    for count in range(2 * MOST_STOPS):
        if page.evaluate(condition):
            return count
        page.keyboard.press(key)
    raise AssertionError(page.evaluate("() => document.activeElement.outerHTML"))


def _reached(page: Page, part: str) -> list[str]:
    """What Tab leads to in a part of the page, from here until it leads out."""
    names: list[str] = []
    while name := page.evaluate(FOCUSED, part):
        names.append(name)
        page.keyboard.press("Tab")
    return names


def _faults(page: Page, shown: str) -> list[Any]:
    """What axe finds that hinders people, within a part of the page."""
    wait_until_still(page)
    # The page's policy takes no scripts from elsewhere.
    page.evaluate(AXE.read_text())
    found = page.evaluate("shown => axe.run(shown)", shown)
    return [
        (fault["id"], [node["html"][:120] for node in fault["nodes"]])
        for fault in found["violations"]
        if fault["impact"] in {"serious", "critical"}
    ]


def test_keys_work_wherever_the_focus_is(editor: Page) -> None:
    undo = _command(editor, "edit.undo")
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Shift+ArrowRight")
    # A slider, a header of a track, the player's own screen, and a pressed tool.
    for place in (
        ".tnb-bar input[type=range]",
        "[aria-label='Lock V1']",
        "[data-testid=screen]",
        "[data-command='tool.select']",
    ):
        editor.locator(place).first.focus()
        editor.keyboard.press("s")
        expect(undo).to_be_enabled()
        editor.keyboard.press("Control+z")
        expect(undo).to_be_disabled()
        editor.keyboard.press("o")
        expect(editor.locator(".tnb-scrub-span")).to_be_visible()
        expect(_command(editor, "tool.roll")).to_have_attribute("aria-pressed", "false")
        editor.keyboard.press("Alt+x")
        expect(editor.locator(".tnb-scrub-span")).to_be_hidden()
    # The button was clicked, and Space plays all the same.
    _command(editor, "tool.slip").click()
    editor.keyboard.press("Space")
    editor.wait_for_selector("[data-testid=picture][data-playing=true]")
    expect(_command(editor, "tool.slip")).to_have_attribute("aria-pressed", "true")
    editor.keyboard.press("k")
    editor.wait_for_selector("[data-testid=picture][data-playing=false]")


def test_few_tabs_lead_from_the_bin_to_the_timeline(editor: Page) -> None:
    _select_first(editor)
    editor.get_by_role("tab", name="Media").click()
    is_there = f"() => document.activeElement.matches('{CANVAS}')"
    count = _tabs_until(editor, "Tab", is_there)
    assert count <= MOST_STOPS
    back = "() => document.activeElement.matches('[data-tab=media]')"
    assert _tabs_until(editor, "Shift+Tab", back) == count
    # And one key from everywhere.
    editor.keyboard.press("F6")
    expect(editor.locator(CANVAS)).to_be_focused()


def test_keys_reach_all_of_the_inspector_and_of_the_bin(editor: Page) -> None:
    _select_first(editor)
    inspector = ".tnb-inspector"
    editor.get_by_label("Name", exact=True).focus()
    editor.keyboard.press("Tab")
    # Up and Down between the headings, and one step into their sections.
    headings = [editor.evaluate(FOCUSED, inspector)]
    for _ in range(12):
        editor.keyboard.press("ArrowDown")
        headings.append(editor.evaluate(FOCUSED, inspector))
    groups = ["Transform", "Compositing", "Sound", "Fades", "Speed"]
    assert headings[:7] == [*groups, "More", "Add effect…"]
    editor.keyboard.press("Home")
    editor.keyboard.press("ArrowRight")
    becomes(lambda: editor.evaluate(FOCUSED, inspector), "Position X")
    _tabs_until(editor, "Shift+Tab", f"() => ({FOCUSED})('{inspector}') === 'Name'")
    wanted = editor.evaluate(PRESSABLE, inspector)
    assert {*groups, "Reset Fades", "Add a keyframe: Pan"} < set(wanted)
    assert _reached(editor, inspector) == wanted
    # A field at whose end the arrow goes on.
    editor.get_by_role("searchbox", name="Search media").focus()
    names = []
    for _ in range(5):
        names.append(editor.evaluate(FOCUSED, ".tnb-bin-head"))
        editor.keyboard.press("ArrowRight")
    assert set(names) == set(editor.evaluate(PRESSABLE, ".tnb-bin-head"))


def test_a_field_keeps_its_keys_and_its_undo(editor: Page) -> None:
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Enter")
    editor.keyboard.press("Shift+ArrowRight")
    editor.keyboard.press("s")
    editor.keyboard.press("m")
    undo = _command(editor, "edit.undo")
    expect(undo).to_have_attribute("title", re.compile("add marker"))
    field = editor.get_by_role("searchbox", name="Search media")
    field.fill("")
    field.press_sequentially("some film")
    editor.keyboard.press("Control+z")
    expect(field).not_to_have_value("some film")
    # Escape leaves the field for the editor, where both steps are still there.
    editor.keyboard.press("Escape")
    editor.keyboard.press("Control+z")
    expect(undo).to_have_attribute("title", re.compile("split"))
    editor.keyboard.press("Control+z")
    expect(undo).to_be_disabled()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_shortcuts_are_searched_and_dialogs_and_menus_are_for_all(
    editor: Page, theme: Any, tmp_path: Path
) -> None:
    editor.emulate_media(color_scheme=theme)
    editor.locator(CANVAS).focus()
    editor.keyboard.press("?")
    dialog = editor.get_by_role("dialog", name="Keyboard shortcuts")
    search = dialog.get_by_role("searchbox")
    expect(search).to_be_focused()
    expect(dialog.get_by_text("Split at the playhead")).to_be_visible()
    assert _faults(editor, "dialog") == []
    search.fill("marker")
    expect(dialog.get_by_text("Split at the playhead")).to_be_hidden()
    expect(dialog.get_by_text("Add marker", exact=True)).to_be_visible()
    editor.screenshot(path=tmp_path / f"keys-{theme}.png")
    # The first one clears the search.
    editor.keyboard.press("Escape")
    expect(search).to_have_value("")
    editor.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(editor.locator(CANVAS)).to_be_focused()
    editor.keyboard.press("Control+,")
    settings = editor.get_by_role("dialog", name="Settings")
    expect(settings.get_by_role("tab", name="General")).to_be_focused()
    assert _faults(editor, "dialog") == []
    editor.keyboard.press("ArrowRight")
    expect(settings.get_by_label("Keyboard preset")).to_be_visible()
    assert _faults(editor, "dialog") == []
    editor.screenshot(path=tmp_path / f"settings-{theme}.png")
    editor.keyboard.press("Escape")
    editor.keyboard.press("Shift+F10")
    expect(editor.get_by_role("menu")).to_be_visible()
    assert _faults(editor, "[role=menu]") == []
    # Pressed buttons are told from others, also under the pointer.
    editor.keyboard.press("Escape")
    pressed = _command(editor, "tool.select")
    wait_until_still(editor)
    assert pressed.evaluate(CONTRAST) >= LEAST_CONTRAST
    pressed.hover()
    wait_until_still(editor)
    assert pressed.evaluate(CONTRAST) >= LEAST_CONTRAST


def test_keys_are_recorded_kept_and_seen_by_another_page(
    editor: Page, site: Site, project: str
) -> None:
    other = editor.context.new_page()
    _enter(other, site, project)
    split = _command(other, "timeline.split")
    expect(split).to_have_attribute("title", "Split at the playhead (S)")
    editor.bring_to_front()
    _command(editor, "settings.open").click()
    editor.get_by_role("tab", name="Keyboard").click()
    editor.get_by_label("Keyboard preset").select_option("premiere")
    expect(split).to_have_attribute("title", "Split at the playhead (Ctrl+K)")
    editor.get_by_label("Change the keys of Split at the playhead").click()
    editor.get_by_label("Press the new keys of Split at the playhead").press("m")
    asked = editor.get_by_role("alert").filter(has_text="M is already used by")
    expect(asked).to_contain_text("Add marker")
    asked.get_by_role("button", name="Use it here instead").click()
    expect(split).to_have_attribute("title", "Split at the playhead (M)")
    expect(_command(other, "markers.add")).to_have_attribute("title", "Add marker")
    other.reload()
    expect(split).to_have_attribute("title", "Split at the playhead (M)")
    other.close()
    editor.get_by_role("button", name="Done").click()
    editor.keyboard.press("Shift+ArrowRight")
    editor.keyboard.press("m")
    expect(_command(editor, "edit.undo")).to_be_enabled()
    kept = "print(studio.editor_settings.now.keymap)"
    becomes(lambda: site.run(kept), "premiere")
    _command(editor, "settings.open").click()
    editor.get_by_role("button", name="Reset all settings").click()
    editor.get_by_role("button", name="Done").click()
    expect(_command(editor, "timeline.split")).to_have_attribute(
        "title", "Split at the playhead (S)"
    )


def test_menus_are_ours_everywhere_and_within_the_window(editor: Page) -> None:
    window = editor.viewport_size
    assert window is not None
    # The lowest row of the timeline, near the window's edge.
    editor.set_viewport_size({"width": 1100, "height": 620})
    editor.wait_for_selector(".tnb-layout[data-shape=medium]")
    wait_until_still(editor)
    editor.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    box = editor.locator(CANVAS).bounding_box()
    assert box is not None
    low = min(box["y"] + box["height"] - 20, 610)
    editor.mouse.click(box["x"] + box["width"] - 8, low, button="right")
    menu = editor.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="Split at the playhead")).to_be_visible()
    wait_until_still(editor)
    shown = menu.bounding_box()
    assert shown is not None
    assert 0 <= shown["x"] <= shown["x"] + shown["width"] <= 1100
    assert 0 <= shown["y"] <= shown["y"] + shown["height"] <= 620
    editor.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    editor.set_viewport_size(window)
    editor.wait_for_selector(".tnb-layout[data-shape=wide]")
    wait_until_still(editor)
    for place, item in (
        (".tnb-screen", "Play or pause"),
        (".tnb-toolbar", "Keyboard shortcuts"),
        (".tnb-inspector", "Keyboard shortcuts"),
    ):
        editor.locator(place).first.click(button="right", position={"x": 4, "y": 4})
        expect(menu.get_by_role("menuitem", name=item)).to_be_visible()
        editor.keyboard.press("Escape")
        expect(menu).to_be_hidden()


def test_a_problem_covers_no_work_and_can_be_dismissed(editor: Page) -> None:
    timeline, player = (editor.locator(one) for one in (CANVAS, ".tnb-player"))
    wait_until_still(editor)
    before = timeline.bounding_box(), player.bounding_box()
    editor.click(".tnb-bin-head [data-command='bin.import']")
    path = editor.get_by_role("textbox", name="Path of a file or folder")
    path.fill("nowhere.mp4")
    path.press("Enter")
    notice = editor.locator(".tnb-notice[data-kind=problem]")
    expect(notice).to_contain_text("nowhere.mp4")
    wait_until_still(editor)
    box, after = notice.bounding_box(), timeline.bounding_box()
    assert (after, player.bounding_box()) == before
    assert box is not None
    assert after is not None
    assert box["y"] >= after["y"] + after["height"]
    notice.get_by_role("button", name="Dismiss").click()
    expect(notice).to_be_hidden()


def test_lab_hears_nothing_of_the_editors_keys(show: Opener) -> None:
    page = show(
        """
film = tl.open("film.mp4")
cut = tl.Edit("walk", rate=25, size=(640, 360))
cut.append(film.clip("1s", "3s"))
""",
        "cut",
        widget="editor-widget",
    )
    page.wait_for_selector(f"{CANVAS}[data-duration='2']")
    cells = page.locator(".jp-Notebook .jp-Cell")
    count = cells.count()
    # Of the inspector, which takes no keys itself; in a narrow cell it is behind a tab.
    tab = page.locator(".tnb-tab[data-tab=inspector]")
    if tab.is_visible():
        tab.click()
    page.locator(".tnb-inspector").first.click()
    # In Lab: cut, copy and paste the cell, delete it, add ones, make it Markdown.
    for key in ("x", "c", "v", "d", "d", "a", "b", "m", "Shift+M"):
        page.keyboard.press(key)
    # Our own command of the last key but one was carried out, and so all before it.
    expect(_command(page, "edit.undo")).to_be_enabled()
    assert cells.count() == count
    assert page.evaluate("() => !!document.activeElement.closest('.tnb')")
    page.locator(".tnb-inspector").first.click(button="right")
    expect(
        page.get_by_role("menu").filter(has_text="Keyboard shortcuts")
    ).to_be_visible()
    expect(page.get_by_text("Delete Cell")).to_be_hidden()
    page.keyboard.press("Escape")
    # Ctrl+S is the notebook's, from here as well.
    page.keyboard.press("Control+s")
    page.wait_for_function(
        "() => !document.querySelector('.jp-mod-current .jp-mod-dirty, .jp-mod-dirty')"
    )
    wait_for_kernel(page, "len(cut.markers)", "1")
