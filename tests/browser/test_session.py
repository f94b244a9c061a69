"""A person cuts a film in JupyterLab by mouse and keys alone, from import to export."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.lab import (
    NUMBER_OF_CANVAS,
    Lab,
    becomes,
    browser_page,
    open_notebook,
    run_code,
    wait_for_kernel,
    wait_until_still,
    write_notebook,
)
from media_factory import Recipe, make
from playwright.sync_api import Page, expect

import timeline_nb as tl

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

CANVAS = "canvas[data-testid=timeline]"
SOURCE = "[data-testid=source]"
PICTURE = f"canvas.tnb-picture:not({SOURCE} canvas)"
FILES = ("walk.mp4", "park.mp4", "music.wav")
# What lies on the tracks: names, and whole frames.
SPANS = (
    "{t.name: [(getattr(i, 'name', '-'), int(i.source_range.duration * 25))"
    " for i in t.items if isinstance(i, tl.Clip)] for t in cut.timeline.tracks}"
)
DROP = """([where, files]) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of Object.entries(files))
        transfer.items.add(new File([new Uint8Array(bytes)], name));
    const element = document.querySelector(where);
    const box = element.getBoundingClientRect();
    for (const type of ["dragenter", "dragover", "drop"])
        element.dispatchEvent(new DragEvent(type, {
            bubbles: true, cancelable: true, dataTransfer: transfer,
            clientX: box.left + 60, clientY: box.top + 80,
        }));
}"""
# The mean color of the picture's lower middle, where a numbered frame is gray.
MIDDLE = """(canvas) => {
    const context = canvas.getContext('2d');
    const at = [canvas.width * 0.6, canvas.height * 0.8];
    return [...context.getImageData(...at, 1, 1).data].slice(0, 3);
}"""


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Two films whose frames show their numbers, and a tone of 12 s."""
    folder = tmp_path_factory.mktemp("footage")
    for name, frames in (("walk.mp4", 150), ("park.mp4", 100)):
        make(folder, Recipe(name, frames=frames, size=(640, 360), clicks=True))
    tone = ["-f", "lavfi", "-i", "sine=440:d=12", str(folder / "music.wav")]
    subprocess.run(["ffmpeg", "-loglevel", "error", *tone], check=True)
    return {name: (folder / name).read_bytes() for name in FILES}


class Person:
    """Works in the editor of a notebook; every act is one of mouse or keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, tab: str) -> None:
        """Bring a panel into sight, where it shares its place with others."""
        button = self.page.locator(f".tnb [role=tab]:text-is('{tab}')")
        if button.is_visible():
            button.click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def press_on_timeline(self, *keys: str) -> None:
        self.open("Timeline")
        self.page.locator(CANVAS).focus()
        self.press(*keys)

    def drop_on_bin(self, files: dict[str, bytes]) -> None:
        self.open("Media")
        listed = {name: list(data) for name, data in files.items()}
        self.page.evaluate(DROP, ["[data-testid=bin]", listed])
        for name in files:
            self.page.wait_for_selector(f".tnb-medium >> text={name}")

    def mark(self, name: str, first: int, seconds: int) -> None:
        """Open a medium as the source, and set its in and out points by keys."""
        self.open("Media")
        self.page.dblclick(f".tnb-medium >> text={name}")
        self.page.wait_for_selector(f"{SOURCE}[data-medium='{name}']")
        picture = self.page.locator(f"{SOURCE} canvas.tnb-picture")
        expect(picture).to_have_attribute("data-frame", "0")
        self.press(*["ArrowRight"] * first, "i")
        self.press(*["Shift+ArrowRight"] * seconds, "o")
        last = first + 25 * seconds
        expect(picture).to_have_attribute("data-frame", str(last))
        becomes(lambda: picture.evaluate(NUMBER_OF_CANVAS), last)

    def at(self, seconds: float, track: str) -> tuple[float, float]:
        """A point of the page: a second, in the middle of a track."""
        names = json.loads(run_code(self.page, _NAMES))
        self.page.locator(CANVAS).scroll_into_view_if_needed()
        told = self.page.evaluate(
            "() => { const c = document.querySelector('[data-testid=timeline]');"
            " const b = c.getBoundingClientRect();"
            " return { ...c.dataset, x: b.left, y: b.top }; }"
        )
        tops = json.loads(told["tops"])
        row = names.index(track) if track in names else len(names)
        top = tops[row]
        below = tops[row + 1] if row + 1 < len(tops) else top + 40
        x = (seconds - float(told["originS"])) * float(told["pxPerS"])
        y = float(told["ruler"]) - float(told["scrollPx"]) + (top + below) / 2
        return told["x"] + x, told["y"] + y

    def drag_to_timeline(self, name: str, seconds: float, track: str) -> None:
        """Drag a medium onto a track; one that is not there is below all others."""
        self.open("Media")
        box = self.page.locator(f".tnb-medium >> text={name}").bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + 10, box["y"] + 8)
        mouse.down()
        mouse.move(box["x"] + 30, box["y"] + 30, steps=3)
        if not self.page.locator(CANVAS).is_visible():
            # Held over its tab, the timeline comes into sight.
            tab = self.page.locator(
                ".tnb [role=tab]:text-is('Timeline')"
            ).bounding_box()
            assert tab is not None
            mouse.move(tab["x"] + 20, tab["y"] + 10, steps=4)
            self.page.wait_for_selector(CANVAS)
        x, y = self.at(seconds, track)
        mouse.move(x + 60, y, steps=4)
        mouse.move(x + 1, y, steps=3)
        self.page.wait_for_selector(f".tnb-drag-tip:has-text('{name}')")
        mouse.up()
        self.page.wait_for_selector(".tnb-drag-tip", state="detached")

    def select(self, *places: tuple[float, str]) -> None:
        self.open("Timeline")
        first, *others = places
        self.page.mouse.click(*self.at(*first))
        self.page.keyboard.down("Shift")
        for place in others:
            self.page.mouse.click(*self.at(*place))
        self.page.keyboard.up("Shift")

    def apply(self, words: str, tile: str) -> None:
        """Find something in the effects browser, and add it."""
        self.open("Effects")
        self.page.get_by_role("searchbox", name="Search effects").fill(words)
        self.page.locator(f"[data-tile='{tile}']").dblclick()

    def sees_step(self, label: str) -> None:
        wait_for_kernel(self.page, "cut.session.undo_label", label)

    def shows_frame(self, frame: int) -> None:
        picture = self.page.locator(PICTURE).first
        expect(picture).to_have_attribute("data-frame", str(frame))


_NAMES = """
import json as _json
rows = [t for t in cut.timeline.tracks if t.kind != 'audio']
print(_json.dumps([t.name for t in reversed(rows)]
    + [t.name for t in cut.timeline.tracks if t.kind == 'audio']))
"""
SIZES = [
    pytest.param((1600, "light"), id="1600 light"),
    pytest.param((1100, "dark"), id="1100 dark"),
    pytest.param((760, "light"), id="760 light"),
    *(
        pytest.param((width, theme), id=f"{width} {theme}", marks=pytest.mark.whole)
        for width, theme in ((1600, "dark"), (1100, "light"), (760, "dark"))
    ),
]


@pytest.fixture(params=SIZES)
def person(
    lab: Lab, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Person]:
    """Somebody in a new notebook, whose editor fills the window."""
    width, theme = request.param
    # A name of its own, also for a second try.
    folder = lab.folder / tmp_path.name
    folder.mkdir()
    cells = [
        "import timeline_nb as tl",
        'cut = tl.Edit("walk", rate=25, size=(640, 360))',
        "cut",
    ]
    write_notebook(folder / "cut.ipynb", cells)
    with browser_page() as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_viewport_size({"width": width, "height": 1000})
        open_notebook(page, lab, f"{folder.name}/cut.ipynb")
        # Lab keeps the theme of the page before.
        page.evaluate(
            "theme => window.jupyterapp.commands.execute("
            "'apputils:change-theme', { theme })",
            f"JupyterLab {theme.title()}",
        )
        is_light = str(theme == "light").lower()
        page.wait_for_selector(
            f"body[data-jp-theme-light={is_light}]", state="attached"
        )
        page.wait_for_selector("[data-testid=editor-widget][data-state=live]")
        page.locator(CANVAS).focus()
        page.keyboard.press("`")
        page.wait_for_selector("[data-filled=true]")
        shape = {1600: "wide", 1100: "medium", 760: "narrow"}[width]
        page.wait_for_selector(f".tnb-layout[data-shape={shape}]")
        wait_until_still(page)
        try:
            yield Person(page)
        finally:
            page.screenshot(path=tmp_path / "end.png")
        assert faults == []
    shutil.rmtree(folder, ignore_errors=True)


def test_a_film_is_cut_from_import_to_export(
    person: Person, footage: dict[str, bytes]
) -> None:
    _assemble(person, footage)
    _trim_under_music(person)
    _write_on_the_picture(person)
    _zoom(person)
    _mark(person)
    _color(person)
    _save(person)
    _export(person)


BOTH = "[('walk', 51), ('park', 51)]"
MUSIC = "'A2': [('music', 300)]"


def _assemble(person: Person, footage: dict[str, bytes]) -> None:
    """Frames 10 to 60 of one, then of the other; music below them."""
    page = person.page
    person.drop_on_bin(footage)
    person.mark("walk.mp4", 10, 2)
    person.press(",")
    wait_for_kernel(page, SPANS, "{'V1': [('walk', 51)], 'A1': [('walk', 51)]}")
    # The playhead is behind it now.
    person.mark("park.mp4", 10, 2)
    person.press(",")
    wait_for_kernel(page, SPANS, f"{{'V1': {BOTH}, 'A1': {BOTH}}}")
    person.drag_to_timeline("music.wav", 0, "A2")
    wait_for_kernel(page, SPANS, f"{{'V1': {BOTH}, 'A1': {BOTH}, {MUSIC}}}")


def _trim_under_music(person: Person) -> None:
    """The first clip loses its last 16 frames; what follows moves, the music stays."""
    person.press_on_timeline("Home", "Shift+ArrowRight", *["ArrowRight"] * 10)
    person.shows_frame(35)
    person.press("w")
    ripe = "[('walk', 35), ('park', 51)]"
    wait_for_kernel(person.page, SPANS, f"{{'V1': {ripe}, 'A1': {ripe}, {MUSIC}}}")


def _write_on_the_picture(person: Person) -> None:
    page = person.page
    person.press_on_timeline("Home", "Shift+ArrowRight")
    person.apply("title", "generator:title")
    person.sees_step("title")
    person.press_on_timeline("Shift+ArrowRight")
    person.shows_frame(50)
    stage = page.locator("[data-testid=stage]").bounding_box()
    assert stage is not None
    page.mouse.dblclick(
        stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    )
    expect(page.locator("[data-testid=stage-text]")).to_be_focused()
    page.keyboard.type("In the park")
    person.press("Enter")
    person.sees_step("set text")


def _zoom(person: Person) -> None:
    """A second long, by two keyframes."""
    person.select((0.5, "V1"))
    person.press("Home")
    person.shows_frame(0)
    person.open("Inspector")
    person.page.locator("[aria-label='Add a keyframe: Scale']").first.click()
    person.page.wait_for_selector("[aria-label='Remove the keyframe: Scale']")
    person.press_on_timeline("Shift+ArrowRight")
    person.shows_frame(25)
    person.open("Inspector")
    scale = person.page.locator(".tnb-inspector [data-field='scale']").first
    scale.fill("150")
    scale.press("Enter")
    zoom = "[(str(k.time), k.value) for k in cut.clips[0].keyframes['scale']]"
    wait_for_kernel(person.page, zoom, "[('2/5', 1.0), ('7/5', 1.5)]")


def _mark(person: Person) -> None:
    person.press_on_timeline("m")
    person.sees_step("add marker")
    person.press("Alt+m")
    person.page.keyboard.type("Cut here")
    person.press("Enter")
    names = "[m.name for m in cut.timeline.markers]"
    wait_for_kernel(person.page, names, "['Cut here']")


def _color(person: Person) -> None:
    """One step for both clips, and what the picture shows."""
    page = person.page
    steps = int(run_code(page, "print(len(cut.history.steps))"))
    person.select((0.5, "V1"), (2.5, "V1"))
    person.apply("sepia", "picture:sepia")
    kinds = "[[e.kind for e in c.effects] for c in cut.clips]"
    wait_for_kernel(page, kinds, "[['sepia'], ['sepia']]")
    wait_for_kernel(page, "len(cut.history.steps)", str(steps + 1))
    page.wait_for_function(
        f"() => {{ const [red, , blue] = ({MIDDLE})(document.querySelector("
        f"'{PICTURE.replace(SOURCE, '.tnb-source')}')); return red > blue + 30; }}"
    )


def _save(person: Person) -> None:
    """What was done is unsaved until it has a file."""
    page = person.page
    sign = page.get_by_test_id("unsaved")
    expect(sign).to_have_text("Unsaved changes")
    person.press_on_timeline("Control+Alt+s")
    dialog = page.get_by_role("dialog", name="Save the edit")
    expect(dialog.get_by_label("File")).to_be_focused()
    page.keyboard.type("walk.tlp")
    person.press("Enter")
    expect(sign).to_have_text("Saved")
    saved = Path(run_code(page, "import os; print(os.getcwd())")) / "walk.tlp"
    assert "In the park" in saved.read_text()
    wait_for_kernel(page, "cut.project_path.name", "walk.tlp")


def _export(person: Person) -> None:
    page = person.page
    person.press_on_timeline("Control+e")
    dialog = page.get_by_role("dialog", name="Export")
    # A name that no source has.
    expect(dialog.get_by_label("File name")).to_have_value("walk-film.mp4")
    expect(dialog.locator("[data-testid=estimate][data-state=done]")).to_be_visible()
    dialog.get_by_role("button", name="Export", exact=True).click()
    row = page.locator(".tnb-render:has(b:text-is('walk-film.mp4'))").first
    expect(row).to_have_attribute("data-status", "completed")
    made = Path(run_code(page, "import os; print(os.getcwd())")) / "walk-film.mp4"
    with tl.open_studio(tl.Settings(roots=(made.parent,))) as studio:
        film = tl.open(made, studio=studio)
        # As long as the music.
        assert len(film.index) == 300
        assert film.size == (640, 360)
