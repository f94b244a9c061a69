"""From letting go of a clip to the canvas that shows the kernel's answer.

python tests/bench/gestures.py
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.stage import ECHO, notebook, p50, p95
from bench.timeline_draw import BUILD
from playwright.sync_api import Page

COUNT = 20
CANVAS = "canvas[data-testid=timeline]"
# After all others, on the uppermost track: where it ends, the edit ends.
CELL = """
cut = long({clips}, tracks={tracks})
last = tl.open("a.mp4").clip("2s", "16s")
at = cut.duration + 1
cut.overwrite(last, at=at, track="V{top}", only="picture")
"""
# A drawing of another timeline sets another duration, from the input's own time on.
WATCH = """() => {
    const canvas = document.querySelector('canvas[data-testid=timeline]');
    let began = 0;
    window.gestures = [];
    document.addEventListener('pointerup', (event) => { began = event.timeStamp; },
                              true);
    let known = canvas.dataset.duration;
    new MutationObserver(() => {
        if (canvas.dataset.duration === known) return;
        known = canvas.dataset.duration;
        if (began) window.gestures.push(performance.now() - began);
        began = 0;
    }).observe(canvas, { attributes: true, attributeFilter: ['data-duration'] });
}"""


def fact(page: Page, name: str) -> float:
    """A number that the canvas was drawn with."""
    return float(page.get_attribute(CANVAS, f"data-{name}") or 0)


def show_last(page: Page) -> tuple[float, float]:
    """Bring the last clip into view; its row, and the left of the canvas."""
    page.locator(CANVAS).focus()
    for _ in range(40):
        if fact(page, "px-per-s") > 20:
            break
        page.get_by_role("button", name="Zoom in").first.click()
    page.locator(CANVAS).focus()
    page.keyboard.press("Home")
    page.keyboard.press("End")
    page.wait_for_function(
        f"() => {{ const {{ originS, pxPerS, duration }} = "
        f"document.querySelector('{CANVAS}').dataset;"
        " return (duration - originS) * pxPerS < 2000; }"
    )
    box = page.locator(CANVAS).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 50, box["y"] + 60)
    page.mouse.wheel(0, -5_000)
    page.wait_for_function(
        f"() => document.querySelector('{CANVAS}').dataset.scrollPx === '0'"
    )
    return box["x"], box["y"] + fact(page, "ruler") + 48


def drag(page: Page, start: tuple[float, float], by_px: float) -> float:
    """Drag without snapping; milliseconds from letting go to the new drawing."""
    done = page.evaluate("() => window.gestures.length")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by_px / 2, start[1], steps=2)
    page.keyboard.down("Alt")
    page.mouse.move(start[0] + by_px, start[1], steps=3)
    # What the drag would do is told before it is done.
    page.wait_for_timeout(250)
    page.mouse.up()
    page.keyboard.up("Alt")
    page.wait_for_function("(done) => window.gestures.length > done", arg=done)
    page.wait_for_timeout(150)
    return float(page.evaluate("() => window.gestures.at(-1)"))


def measure(page: Page, clips: int) -> None:
    """Move the last clip again and again, then trim its end."""
    page.wait_for_function(
        f"() => Number(document.querySelector('{CANVAS}')?.dataset.duration) > 0"
    )
    page.wait_for_timeout(2000)
    left, row = show_last(page)
    page.evaluate(WATCH)

    def x(seconds: float) -> float:
        return left + (seconds - fact(page, "origin-s")) * fact(page, "px-per-s")

    for what, before_px, by_px in (("move", 60.0, 8.0), ("trim", 2.0, -8.0)):
        times = []
        for _ in range(COUNT):
            end = fact(page, "duration")
            times.append(drag(page, (x(end) - before_px, row), by_px))
        print(
            f"{clips:7,} clips, {what}: p50 {p50(times):4.0f} ms, "
            f"p95 {p95(times):4.0f} ms to the drawing, load {os.getloadavg()[0]:.1f}"
        )


def main() -> None:
    for clips, tracks in ((10, 2), (10_000, 20)):
        cell = CELL.format(clips=clips, tracks=tracks, top=tracks // 2 - 1)
        # On one line: the whole editor is in the window.
        code = f"import timeline_nb as tl\n{BUILD}{cell}"
        cells = [f"exec({code!r})\ncut", ECHO]
        with notebook(cells, {"a.mp4": 20}) as (page, _):
            page.set_viewport_size({"width": 1400, "height": 1600})
            page.wait_for_selector(CANVAS)
            measure(page, clips)
            page.wait_for_function("() => !!window.echo")
            times = page.evaluate("() => window.echo(30)")
            print(f"        an empty message there and back: p50 {p50(times):.0f} ms")


if __name__ == "__main__":
    main()
