"""Panning and zooming long timelines in headless Chromium: frames a second.

python tests/bench/timeline_draw.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.stage import notebook
from playwright.sync_api import Page

BUILD = """
import random
from fractions import Fraction as F
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, Gap, Timeline, Track
chance = random.Random(7)
reference = tl.open("a.mp4").reference
def long(clips, tracks=20):
    rows, number = [], 0
    for row in range(tracks):
        items = []
        for _ in range(clips // tracks):
            number += 1
            length = F(chance.randint(12, 200), 25)
            start = F(chance.randint(0, 50), 25)
            span = TimeRange(start, min(length, 20 - start))
            items.append(Clip(id=f"c{number}", name=f"clip {number}", media=reference,
                              source_range=span))
            items.append(Gap(duration=F(chance.randint(1, 12), 25)))
        items.pop()
        kind = "video" if row < tracks // 2 else "audio"
        name = f"{kind[0].upper()}{row}"
        rows.append(Track(kind=kind, name=name, items=tuple(items)))
    return tl.Edit(timeline=Timeline(name="long", rate=F(25), size=(640, 360),
                                     tracks=tuple(rows), next_id=number + 1))
"""
# Each animation frame turns the wheel once; the canvas is drawn in the next.
TURN = """async ({ seconds, zooms }) => {
    const canvas = document.querySelector('canvas[data-testid=timeline]');
    const box = canvas.getBoundingClientRect();
    const at = { clientX: box.left + box.width / 2, clientY: box.top + 100,
                 bubbles: true, cancelable: true };
    const began = performance.now();
    let [frames, worst, last] = [0, 0, began];
    await new Promise(done => {
        const tick = (now) => {
            const passed = (performance.now() - began) / 1000;
            if (passed > seconds) { done(); return; }
            frames += 1;
            worst = Math.max(worst, now - last);
            last = now;
            const swing = Math.sin(passed * 2.2) * 60;
            const turn = zooms
                ? { deltaY: swing, ctrlKey: true } : { deltaX: 40 + swing };
            canvas.dispatchEvent(new WheelEvent('wheel', { ...at, ...turn }));
            requestAnimationFrame(tick);
        };
        requestAnimationFrame(tick);
    });
    return [frames / seconds, worst];
}"""


def measure(page: Page, name: str, clips: int, pixels: int | None) -> None:
    """Pan and zoom, beginning from a number of clips in view."""
    page.get_by_role("button", name="Fit").click()
    page.wait_for_timeout(300)
    if pixels:
        for _ in range(pixels):
            page.get_by_role("button", name="Zoom in").click()
    for what, zooms in (("pan", False), ("zoom", True)):
        rate, worst = page.evaluate(TURN, {"seconds": 4, "zooms": zooms})
        print(f"{clips:7,} clips, {name:14} {what:5} {rate:5.1f} frames/s", end="")
        print(f"  longest {worst:5.0f} ms")


def main() -> None:
    for clips in (1_000, 10_000, 100_000):
        cells = ["import timeline_nb as tl", BUILD, f"cut = long({clips})"]
        cells.append("widget = tl.TimelineWidget(cut)\nwidget")
        with notebook(cells, {"a.mp4": 20}) as (page, _):
            page.wait_for_selector("[data-testid=timeline-widget][data-state=live]")
            page.wait_for_function(
                "() => Number(document.querySelector('[data-testid=timeline]')"
                ".dataset.duration) > 0"
            )
            page.wait_for_timeout(2000)
            measure(page, "all in view", clips, None)
            measure(page, "some in view", clips, 10)


if __name__ == "__main__":
    main()
