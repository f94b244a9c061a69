"""The media bin and the source monitor, on the page without Jupyter."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.alone_page import enter, own_copy, save_cut
from browser.lab import becomes, wait_until_still
from media_factory import Recipe, make
from playwright.sync_api import Page, expect
from server.scene import Site, alone

import timeline_nb as tl

AXE = Path(__file__).parents[2] / "widgets-js/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("footage")
    save_cut(folder, Recipe("film.mp4", frames=250, size=(640, 360), clicks=True))
    make(folder, Recipe("short.mp4", frames=50, size=(320, 180)))
    (folder / "day 1").mkdir()
    make(folder / "day 1", Recipe("Überblick.mp4", frames=75, size=(320, 180)))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        lost = tl.Edit("lost", rate=25, size=(640, 360), studio=studio)
        lost.append(tl.open(folder / "short.mp4", studio=studio).clip())
        lost.save(folder / "lost.tlp")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with alone(folder) as site:
        yield site


@pytest.fixture
def editor(page: Page, site: Site, request: pytest.FixtureRequest) -> Page:
    page.set_viewport_size({"width": 1600, "height": 1000})
    enter(page, site, own_copy(site.folder, "cut.tlp", request.node.name))
    page.wait_for_selector(".tnb-timeline canvas[data-duration='4']")
    page.wait_for_selector(".tnb-medium >> text=film.mp4")
    return page


def _import(page: Page, path: Path) -> None:
    page.click(".tnb-bin-head [data-command='bin.import']")
    page.get_by_role("textbox", name="Path of a file or folder").fill(str(path))
    page.click("dialog .tnb-primary")
    page.wait_for_selector(f".tnb-medium >> text={path.name}")


def _drop(page: Page, where: str, files: dict[str, bytes], at_x: int = 300) -> None:
    """Drop files of the system on an element, as the browser does."""
    listed = {name: list(data) for name, data in files.items()}
    page.evaluate(
        """([where, files, x]) => {
            const transfer = new DataTransfer();
            for (const [name, bytes] of Object.entries(files))
                transfer.items.add(new File([new Uint8Array(bytes)], name));
            const element = document.querySelector(where);
            const box = element.getBoundingClientRect();
            for (const type of ["dragenter", "dragover", "drop"])
                element.dispatchEvent(new DragEvent(type, {
                    bubbles: true, cancelable: true, dataTransfer: transfer,
                    clientX: box.left + x, clientY: box.top + 80,
                }));
        }""",
        [where, listed, at_x],
    )


@pytest.mark.browser
def test_media_are_picked_searched_and_sorted(editor: Page, folder: Path) -> None:
    page = editor
    page.click(".tnb-bin-head [data-command='bin.import']")
    dialog = page.locator("dialog.tnb-picker")
    # That of the project is shown, and above it the folders beside it.
    expect(dialog.get_by_role("option", name="film.mp4")).to_be_visible()
    dialog.get_by_role("button", name="Folder above").click()
    dialog.get_by_role("option", name=folder.name, exact=True).dblclick()
    dialog.get_by_role("option", name="short.mp4").dblclick()
    page.wait_for_selector(".tnb-medium >> text=short.mp4")
    _import(page, folder / "day 1" / "Überblick.mp4")
    names = page.locator(".tnb-medium b")
    page.get_by_role("searchbox", name="Search media").fill("uberbl")
    expect(names).to_have_text(["Überblick.mp4"])
    page.get_by_role("searchbox", name="Search media").fill("")
    page.click("[aria-label=Sort]")
    page.click(".tnb-menu >> text=Duration")
    # Of 2, 3 and 10 seconds.
    expect(names).to_have_text(["short.mp4", "Überblick.mp4", "film.mp4"])
    details = page.locator(".tnb-medium-text small").last
    expect(details).to_have_text("0:10.0 · 640×360 · 25 fps")  # noqa: RUF001
    page.click("[aria-label=Sort]")
    page.click(".tnb-menu >> text=Group by folder")
    expect(page.locator(".tnb-bin-folder")).to_have_text([folder.name, "day 1"])

    # A bin of one's own, by the menu; another medium is dragged there.
    page.click(".tnb-medium >> text=short.mp4", button="right")
    page.get_by_role("menuitem", name="Move to bin").click()
    page.get_by_role("menuitem", name="New bin…").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Talks")
    page.keyboard.press("Enter")
    heading = page.locator(".tnb-own-bin")
    expect(heading).to_have_text("Talks1")
    page.drag_and_drop(".tnb-medium:has-text('Überblick')", ".tnb-own-bin")
    expect(heading).to_have_text("Talks2")
    expect(names).to_have_text(["short.mp4", "Überblick.mp4", "film.mp4"])
    wait_until_still(page)
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run('.tnb-layout')")
    assert [(f["id"], f["nodes"][0]["html"]) for f in found["violations"]] == []
    # Folded; and a medium is in its bin wherever it comes again.
    heading.click()
    expect(names).to_have_text(["film.mp4"])
    page.reload()
    page.wait_for_selector(".tnb-medium >> text=film.mp4")
    _import(page, folder / "short.mp4")
    expect(heading).to_have_text("Talks1")
    heading.click(button="right")
    page.get_by_role("menuitem", name="Remove the bin").click()
    expect(heading).to_have_count(0)


@pytest.mark.browser
def test_a_medium_in_use_stays_and_shows_its_clips(editor: Page, folder: Path) -> None:
    page = editor
    _import(page, folder / "short.mp4")
    page.click(".tnb-medium >> text=film.mp4")
    page.keyboard.press("Delete")
    page.wait_for_selector("text=film.mp4 is used by")
    page.click(".tnb-medium:has-text('film.mp4') .tnb-medium-uses")
    expect(page.locator(".tnb-menu [role=menuitem]")).to_have_count(2)
    page.keyboard.press("Escape")
    page.click(".tnb-medium >> text=short.mp4")
    page.keyboard.press("Delete")
    page.wait_for_selector(".tnb-medium >> text=short.mp4", state="detached")


@pytest.mark.browser
def test_three_points_are_set_by_keys_and_inserted(editor: Page, folder: Path) -> None:
    page = editor
    _import(page, folder / "short.mp4")
    page.dblclick(".tnb-medium >> text=short.mp4")
    source = page.locator("[data-testid=source]")
    picture = source.locator("canvas.tnb-picture")
    expect(picture).to_have_attribute("data-frame", "0")
    program = page.locator("canvas.tnb-picture:not([data-testid=source] canvas)")
    before = program.first.get_attribute("data-frame")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(picture).to_have_attribute("data-frame", "10")
    assert program.first.get_attribute("data-frame") == before
    page.keyboard.press("i")
    page.keyboard.press("Shift+ArrowRight")
    expect(picture).to_have_attribute("data-frame", "35")
    page.keyboard.press("o")
    canvas = page.locator(".tnb-timeline canvas").first
    length = float(canvas.get_attribute("data-duration") or 0)
    page.keyboard.press(",")
    # Frames 10 to 35, both of them: 26 of 25 a second.
    expect(canvas).to_have_attribute("data-duration", f"{length + 26 / 25:g}")
    # Another medium has no points; the first one's come back.
    page.dblclick(".tnb-medium >> text=film.mp4")
    expect(source).to_have_attribute("data-medium", "film.mp4")
    page.dblclick(".tnb-medium >> text=short.mp4")
    expect(picture).to_have_attribute("data-frame", "35")


@pytest.mark.browser
def test_dropped_files_are_uploaded_and_placed(editor: Page, folder: Path) -> None:
    page = editor
    for name in ("dropped “1”.mp4", "placed.mp4"):
        (folder / name).unlink(missing_ok=True)
    data = (folder / "short.mp4").read_bytes()
    _drop(page, "[data-testid=bin]", {"dropped “1”.mp4": data, "notes.txt": b"no"})
    page.wait_for_selector(".tnb-medium >> text=dropped “1”.mp4")
    page.wait_for_selector("text='notes.txt' cannot be uploaded")
    assert (folder / "dropped “1”.mp4").read_bytes() == data
    assert not (folder / "notes.txt").exists()
    canvas = page.locator(".tnb-timeline canvas").first
    length = float(canvas.get_attribute("data-duration") or 0)
    box = canvas.bounding_box()
    assert box is not None
    end = int(float(canvas.get_attribute("data-px-per-s") or 0) * (length + 1))
    _drop(page, ".tnb-timeline canvas", {"placed.mp4": data}, end)
    page.wait_for_selector(".tnb-medium >> text=placed.mp4")
    page.wait_for_function(
        "([canvas, length]) => Number(canvas.dataset.duration) > length + 2",
        arg=[canvas.element_handle(), length],
    )


@pytest.mark.browser
def test_files_of_jupyterlab_come_by_its_own_drag(editor: Page, folder: Path) -> None:
    page = editor
    page.evaluate(
        """(root) => {
            const config = document.createElement("script");
            config.id = "jupyter-config-data";
            config.type = "application/json";
            config.textContent = JSON.stringify({ serverRoot: root });
            document.body.append(config);
            const bin = document.querySelector("[data-testid=bin]");
            for (const type of ["lm-dragenter", "lm-dragover", "lm-drop"]) {
                const event = new MouseEvent(type, { bubbles: true, cancelable: true });
                event.mimeData = { getData: (type) =>
                    type === "application/x-jupyter-icontents"
                        ? ["day 1/Überblick.mp4"] : undefined };
                event.proposedAction = "move";
                bin.dispatchEvent(event);
                if (type !== "lm-dragenter" && event.dropAction !== "move")
                    throw new Error(`${type} is not taken`);
            }
        }""",
        str(folder),
    )
    page.wait_for_selector(".tnb-medium >> text=Überblick.mp4")


@pytest.mark.browser
def test_what_is_offline_is_found_by_its_contents(
    page: Page, site: Site, folder: Path
) -> None:
    name = own_copy(folder, "lost.tlp", "lost")
    film = json.loads((folder / name).read_text())
    assert "short.mp4" in json.dumps(film)
    if (folder / "short.mp4").exists():
        (folder / "short.mp4").rename(folder / "day 1" / "renamed.mp4")
    page.set_viewport_size({"width": 1600, "height": 1000})
    enter(page, site, name)
    page.wait_for_selector(".tnb-offline >> text=1 file is offline")
    row = page.get_by_role("option", name="short.mp4 Offline")
    expect(row).to_have_attribute("data-offline", "true")
    page.get_by_role("searchbox", name="Search media").fill("offline")
    expect(page.locator(".tnb-medium b")).to_have_text(["short.mp4"])
    page.get_by_role("searchbox", name="Search media").fill("")
    row.click(button="right")
    page.get_by_role("menuitem", name="Relink media").click()
    page.wait_for_selector(".tnb-offline-list >> text=short.mp4")
    page.click("dialog >> text=Search for all")
    # The other tests have put copies of it beside the project.
    page.fill("dialog.tnb-picker input", str(folder / "day 1"))
    page.click("dialog.tnb-picker .tnb-primary")
    page.wait_for_selector("text=Nothing is offline")
    page.wait_for_selector(".tnb-medium >> text=renamed.mp4")
    page.wait_for_selector(".tnb-medium >> text=short.mp4", state="detached")


# What the top left of a slate looks like: #3a1d20, as far as JPEG keeps it.
IS_SLATE = """() => {
    const canvas = document.querySelector("canvas.tnb-picture");
    if (!canvas.width) return false;
    const data = canvas.getContext("2d").getImageData(4, 4, 1, 1).data;
    return [58, 29, 32].every((wanted, n) => Math.abs(data[n] - wanted) < 12);
}"""


@pytest.mark.browser
def test_a_film_that_goes_while_it_is_shown_is_offline_until_it_is_back(
    page: Page, site: Site, folder: Path
) -> None:
    film = make(folder, Recipe("away.mp4", frames=50, size=(320, 180)))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("away", rate=25, size=(320, 180), studio=studio)
        cut.append(tl.open(film, studio=studio).clip())
        cut.save(folder / "away.tlp")
    page.set_viewport_size({"width": 1600, "height": 1000})
    enter(page, site, own_copy(folder, "away.tlp", "away"))
    page.wait_for_selector(".tnb-medium >> text=away.mp4")
    page.wait_for_selector("canvas.tnb-picture[data-frame='0']")
    becomes(lambda: page.evaluate(IS_SLATE), False)
    summary = page.locator(".tnb-offline")
    expect(summary).to_be_hidden()
    gone = film.with_name("elsewhere.mp4")
    film.rename(gone)
    # Nothing is reloaded, clicked or edited.
    expect(summary).to_contain_text("1 file is offline")
    page.wait_for_function(IS_SLATE)
    summary.get_by_role("button", name="Relink").click()
    panel = page.get_by_role("dialog", name="Relink media")
    expect(panel).to_contain_text("away.mp4")
    gone.rename(film)
    expect(panel).to_contain_text("Nothing is offline")
    panel.get_by_role("button", name="Close").last.click()
    expect(summary).to_be_hidden()
    page.wait_for_function(f"() => !({IS_SLATE})()")


@pytest.mark.browser
def test_a_film_replaced_by_a_shorter_one_is_named_marked_and_relinked(
    page: Page, site: Site, folder: Path
) -> None:
    film = make(folder, Recipe("walk.mp4", frames=75, size=(320, 180)))
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("walk", rate=25, size=(320, 180), studio=studio)
        cut.append(tl.open(film, studio=studio).clip())
        cut.save(folder / "walk.tlp")
    page.set_viewport_size({"width": 1600, "height": 1000})
    enter(page, site, "walk.tlp")
    page.wait_for_selector(".tnb-medium >> text=walk.mp4")
    clip = page.locator("[data-testid=items] [role=option]")
    expect(clip).to_have_text("walk, 00:00:00:00 to 00:00:03:00")
    make(folder, Recipe("brief.mp4", frames=25, size=(320, 180))).replace(film)
    notice = page.locator(".tnb-notice")
    expect(notice).to_contain_text(
        "walk.mp4 is shorter now: 1 s instead of 3 s. Where it has nothing, these show "
        "a slate or are silent: walk (V1)"
    )
    expect(notice).to_have_count(1)
    expect(clip).to_have_text("Cut short: walk, 00:00:00:00 to 00:00:03:00")
    # The slate is there where the film has ended, and only there.
    page.wait_for_function(f"() => !({IS_SLATE})()")
    page.locator("canvas[data-testid=timeline]").focus()
    page.keyboard.press("End")
    page.wait_for_function(IS_SLATE)
    page.keyboard.press("Home")
    page.wait_for_function(f"() => !({IS_SLATE})()")
    page.keyboard.press("Control+e")
    dialog = page.locator("dialog.tnb-export")
    expect(dialog.locator(".tnb-export-hindrances")).to_contain_text(
        "walk.mp4 is shorter now: 1 s instead of 3 s: V1 at 00:00:01:00"
    )
    dialog.get_by_role("button", name="Relink…").click()
    panel = page.get_by_role("dialog", name="Relink media")
    expect(panel).to_contain_text("walk.mp4 is shorter now: 1 s instead of 3 s")
