"""The export dialog and the panel of renders, on the page without Jupyter."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.alone_page import enter, own_copy, save_cut
from media_factory import Recipe
from playwright.sync_api import Locator, Page, expect
from server.scene import Site, alone

import timeline_nb as tl

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# Renders report a quarter, and go no further until the gate opens.
HOLD = """
import threading
from timeline_nb.render.render import Renderer
real, gate = Renderer.render, threading.Event()

def held(self, timeline, path, profile, reporter, **more):
    while not gate.wait(0.01):
        reporter.report("encode", 1, 4)
    return real(self, timeline, path, profile, reporter, **more)

Renderer.render = held
studio.queue.at_once = 1
"""
RELEASE = "Renderer.render = real; gate.set(); studio.queue.at_once = 2"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    (folder / "out").mkdir()
    save_cut(folder, Recipe("film.mp4", frames=250, size=(640, 360), clicks=True))
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with alone(folder) as site:
        yield site


@pytest.fixture
def editor(page: Page, site: Site, request: pytest.FixtureRequest) -> Page:
    enter(page, site, own_copy(site.folder, "cut.tlp", request.node.name))
    page.wait_for_selector("canvas[data-testid=timeline][data-duration='4']")
    return page


def _open(page: Page) -> Locator:
    page.locator("canvas[data-testid=timeline]").focus()
    page.keyboard.press("Control+e")
    dialog = page.locator("dialog.tnb-export")
    expect(dialog).to_be_visible()
    return dialog


def _export(page: Page, name: str) -> None:
    dialog = _open(page)
    dialog.get_by_label("File name").fill(name)
    dialog.get_by_role("button", name="Export", exact=True).click()
    expect(dialog).to_have_count(0)


def _row(page: Page, name: str) -> Locator:
    return page.locator(f".tnb-render:has(b:text-is('{name}'))").first


def test_a_range_is_exported_and_downloaded(editor: Page, folder: Path) -> None:
    editor.locator("canvas[data-testid=timeline]").focus()
    for keys in ("Home", "Shift+ArrowRight", "i"):
        editor.keyboard.press(keys)
    for keys in ("Shift+ArrowRight", *["ArrowRight"] * 4, "o"):
        editor.keyboard.press(keys)
    dialog = _open(editor)
    expect(dialog.get_by_label("Range")).to_have_value("inOut")
    dialog.get_by_label("Profile").select_option("review")
    expect(dialog.get_by_label("Profile").locator("[value=tiktok]")).to_be_disabled()
    dialog.get_by_label("Folder").select_option(str(folder / "out"))
    dialog.get_by_label("File name").fill("part.mp4")
    done = dialog.locator("[data-testid=estimate][data-state=done]")
    expect(done).to_contain_text("kB")
    dialog.get_by_role("button", name="Export", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(editor.get_by_role("tab", name="Renders")).to_be_in_viewport(ratio=0.9)
    row = _row(editor, "part.mp4")
    expect(row).to_have_attribute("data-status", "completed")
    with editor.expect_download() as waiting:
        row.locator("[data-testid=download]").click()
    made = folder / "out" / "part.mp4"
    assert Path(waiting.value.path()).read_bytes() == made.read_bytes()
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        film = tl.open(made, studio=studio)
        # From one second to two and the fifth frame of the third: 30 frames at 25.
        assert len(film.index) == 30
        assert film.size == (640, 360)
    # What was encoded for it is reused now.
    dialog = _open(editor)
    dialog.get_by_label("Profile").select_option("review")
    expect(dialog.locator("[data-testid=estimate]")).to_contain_text("All 1 sec")
    dialog.get_by_label("Range").select_option("all")
    # Of the rest, no more than what an estimate has tried is there.
    rest = re.compile("is encoded|of 4 sec are reused")
    expect(dialog.locator("[data-testid=estimate]")).to_contain_text(rest)
    editor.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_it_asks_before_it_replaces_a_file_of_others(
    editor: Page, folder: Path
) -> None:
    theirs = folder / "notes.mp4"
    theirs.write_bytes(b"of somebody else")
    dialog = _open(editor)
    problem = dialog.get_by_role("alert")
    dialog.get_by_label("File name").fill("film.mp4")
    expect(problem).to_contain_text("is a source of this edit")
    dialog.get_by_label("File name").fill("no/folder/a.mp4")
    expect(problem).to_contain_text("there is no folder")
    export = dialog.locator("> form").get_by_role("button", name="Export", exact=True)
    expect(export).to_be_disabled()
    dialog.get_by_label("Profile").select_option("review")
    dialog.get_by_label("File name").fill("notes.mp4")
    export.click()
    question = editor.get_by_role("dialog", name="Replace the file?")
    expect(question).to_contain_text("notes.mp4 is there already")
    question.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_visible()
    assert theirs.read_bytes() == b"of somebody else"
    expect(editor.locator(".tnb-render")).to_have_count(0)
    export.click()
    question.get_by_role("button", name="Replace").click()
    expect(dialog).to_have_count(0)
    expect(_row(editor, "notes.mp4")).to_have_attribute("data-status", "completed")
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        assert len(tl.open(theirs, studio=studio).index) == 100


def test_renders_wait_and_are_paused_and_canceled(
    editor: Page, site: Site, folder: Path
) -> None:
    site.run(HOLD)
    try:
        for name in ("a1.mp4", "b1.mp4", "c1.mp4"):
            _export(editor, name)
        first, last = _row(editor, "a1.mp4"), _row(editor, "c1.mp4")
        expect(first).to_have_attribute("data-status", "processing")
        expect(first).to_contain_text("25%")
        last.get_by_label("Render sooner").click()
        names = editor.locator(".tnb-render b")
        expect(names).to_have_text(["a1.mp4", "c1.mp4", "b1.mp4"])
        last.get_by_label("Cancel the render").click()
        expect(last).to_contain_text("Canceled")
        # A paused render lets the next one begin.
        first.get_by_label("Pause the render").click()
        expect(first).to_contain_text("Paused at 25%")
        second = _row(editor, "b1.mp4")
        expect(second).to_have_attribute("data-status", "processing")
        second.get_by_label("Cancel the render").click()
        expect(second).to_contain_text("Canceled")
        first.get_by_label("Resume the render").click()
        first.get_by_label("Cancel the render").click()
        expect(first).to_contain_text("Canceled")
        first.get_by_label("Remove from the list").click()
        expect(editor.locator(".tnb-render")).to_have_count(2)
    finally:
        site.run(RELEASE)
    assert not list(folder.glob("?1.mp4"))


def test_a_film_of_what_is_offline_is_forbidden_until_it_is_back(
    editor: Page, folder: Path
) -> None:
    film = folder / "film.mp4"
    gone = film.rename(folder / "elsewhere.mp4")
    try:
        dialog = _open(editor)
        button = dialog.get_by_role("button", name="Export", exact=True)
        expect(button).to_be_disabled()
        expect(button).to_have_attribute(
            "title", "The film cannot be made: this is not there"
        )
        expect(button).to_have_accessible_description(
            "The film cannot be made: this is not there"
        )
        listed = dialog.locator(".tnb-export-hindrances li")
        expect(listed.first).to_have_text("film.mp4: V1 at 00:00:00:00")
        dialog.get_by_role("button", name="Relink…").click()
        panel = editor.get_by_role("dialog", name="Relink media")
        expect(panel).to_contain_text("film.mp4")
        panel.get_by_role("button", name="Close").last.click()
    finally:
        gone.rename(film)
    # By itself, once the file is there again.
    expect(button).to_be_enabled()
    expect(dialog.locator("[data-testid=estimate]")).to_contain_text("kB")
