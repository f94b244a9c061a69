"""Pages of `timeline-nb serve` in a real browser: no Jupyter, the same widgets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.alone_page import enter, own_copy, save_cut
from browser.lab import NUMBER_OF_CANVAS
from media_factory import Recipe
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    options = (("crf", "16"), ("g", "250"), ("bf", "2"))
    film = Recipe("film.mp4", frames=250, size=(640, 360), options=options, clicks=True)
    save_cut(folder, film)
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with alone(folder) as site:
        yield site


def _shows(page: Page, number: int) -> None:
    canvas = "document.querySelector('.tnb-player canvas')"
    page.wait_for_function(
        f"() => Number({canvas}.dataset.frame) === {number}"
        f" && ({NUMBER_OF_CANVAS})({canvas}) === {number}"
    )


@pytest.mark.browser
def test_a_file_is_played_and_sought(page: Page, site: Site) -> None:
    enter(page, site, "film.mp4")
    source = "document.querySelector('.tnb-player video').getAttribute('src') ?? ''"
    page.select_option("[aria-label=Quality]", "draft")
    page.wait_for_function(f"() => ({source}).startsWith('blob:')")
    page.select_option("[aria-label=Quality]", "full")
    page.wait_for_function(f"() => ({source}).includes('/timeline_nb/media/')")
    page.click("[data-testid=play]")
    frame = "Number(document.querySelector('.tnb-player canvas').dataset.frame)"
    page.wait_for_function(f"() => {frame} > 10")
    page.focus("[data-testid=scrub]")
    page.keyboard.press("Home")
    _shows(page, 0)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    # A second and a frame.
    _shows(page, 26)


@pytest.mark.browser
def test_keys_work_before_the_first_click(page: Page, site: Site) -> None:
    enter(page, site, own_copy(site.folder, "cut.tlp", "keys"))
    page.wait_for_selector("canvas[data-testid=timeline][data-duration='4']")
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("timecode")).to_have_value("00:00:00:01")


@pytest.mark.browser
def test_a_project_is_edited_saved_and_rendered(
    page: Page, site: Site, folder: Path
) -> None:
    name = own_copy(folder, "cut.tlp", "edited")
    enter(page, site, name)
    page.wait_for_selector("canvas[data-testid=timeline][data-duration='4']")
    page.focus("[data-testid=scrub]")
    page.keyboard.press("Shift+ArrowRight")
    page.click("[aria-label^=Split]")
    page.wait_for_selector("canvas[data-testid=timeline][data-steps='1']")
    page.keyboard.press("Control+s")
    page.wait_for_selector(f"[data-testid=status]:text('{name} is saved')")
    page.click("[data-command='export.open']")
    page.get_by_label("File name").fill("made.mp4")
    page.click("dialog .tnb-primary")
    page.wait_for_selector(".tnb-render[data-status=completed]")
    with page.expect_download() as waiting:
        page.click(".tnb-render [data-testid=download]")
    assert waiting.value.suggested_filename == "made.mp4"
    saved = Path(waiting.value.path()).read_bytes()
    assert saved == (folder / "made.mp4").read_bytes()
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.load(folder / name, studio=studio)
        assert [float(clip.source_range.duration) for clip in cut.clips] == [1, 3]


@pytest.mark.browser
def test_a_review_takes_a_comment(page: Page, folder: Path) -> None:
    name = own_copy(folder, "cut.tlp", "review")
    with alone(folder / name, read_only=True) as site:
        page.goto(f"{site.base}?token={site.token}")
        page.wait_for_selector("[data-state=live]")
        page.focus("[data-testid=scrub]")
        page.keyboard.press("Shift+ArrowRight")
        page.fill("[aria-label='Your name']", "Bo")
        page.fill("textarea", "A <b>long</b> moment")
        page.click("[data-testid=comment]")
        page.wait_for_selector(".tnb-comments li p:text('A <b>long</b> moment')")
        expect(page.get_by_test_id("save")).to_be_hidden()
        page.click("[data-testid=comment-range]")
        page.focus("[data-testid=scrub]")
        page.keyboard.press("Shift+ArrowRight")
        page.fill("textarea", "of a range")
        page.click("[data-testid=comment]")
        page.wait_for_selector(".tnb-comments li p:text('of a range')")
        page.focus("[data-testid=scrub]")
        page.keyboard.press("Home")
        page.click(".tnb-comments button")
        # The clip begins at a second of the file.
        canvas = "document.querySelector('.tnb-player canvas')"
        page.wait_for_function(f"() => ({NUMBER_OF_CANVAS})({canvas}) === 50")
        page.fill("textarea", "not sent yet")
    page.wait_for_selector("[data-testid=status]:text('reload the page')")
    page.wait_for_selector(".tnb-disconnected:not([hidden])")
    # Advice for notebooks, which have cells.
    expect(page.get_by_text("Run this cell")).to_be_hidden()
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        table = tl.load(folder / name, studio=studio).comments.to_dataframe()
    assert table.drop(columns="written").to_dict("records") == [
        {
            "start_s": 1.0,
            "duration_s": duration_s,
            "text": text,
            "author": "Bo",
        }
        for duration_s, text in ((0.0, "A <b>long</b> moment"), (1.0, "of a range"))
    ]
    assert table["written"].is_monotonic_increasing
