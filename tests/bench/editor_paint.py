"""From running a cell to the editor's first picture, and the size of the bundles.

python tests/bench/editor_paint.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.stage import notebook, p50, p95
from playwright.sync_api import Page

STATIC = Path(__file__).parents[2] / "timeline_nb" / "widgets" / "static"
CELLS = [
    """
import timeline_nb as tl
a, b = tl.open("a.mp4"), tl.open("b.mp4")
def edit():
    cut = tl.Edit("bench", rate=30, size=(1280, 720))
    cut.append([a.clip("1s", "6s"), b.clip("2s", "9s"), a.clip("10s", "15s")])
    return cut
""",
    "cut = edit()\ncut",
]
# The timeline and the first frame are there; counted from the run of the cell.
PAINT = """() => new Promise(done => {
    const began = performance.now();
    const root = document.querySelector('.jp-Notebook');
    const [timeline, picture] = ['timeline', 'picture'].map(
        (id) => `.jp-Notebook canvas[data-testid=${id}]`);
    let tracks = 0;
    const look = () => {
        const drawn = document.querySelector(`${timeline}[data-duration="17"]`);
        if (drawn && !tracks) tracks = performance.now() - began;
        const shown = document.querySelector(`${picture}[data-frame="0"]`);
        if (tracks && shown) done([tracks, performance.now() - began]);
        else requestAnimationFrame(look);
    };
    for (const old of root.querySelectorAll('.tnb')) old.remove();
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1;
    window.jupyterapp.commands.execute('notebook:run-cell');
    requestAnimationFrame(look);
})"""


def paints(page: Page, count: int) -> list[list[float]]:
    """Milliseconds to the tracks and to the picture, of a new editor each time."""
    found = []
    for _ in range(count):
        found.append(page.evaluate(PAINT))
        page.wait_for_timeout(800)
    return found


def main() -> None:
    for path in sorted(STATIC.glob("*.js")):
        print(f"{path.name:12} {path.stat().st_size / 1024:6.1f} KB")
    with notebook(CELLS, {"a.mp4": 20, "b.mp4": 20}) as (page, _):
        page.wait_for_selector("[data-testid=picture][data-frame='0']")
        found = paints(page, 10)
        for name, times in zip(
            ("tracks", "picture"), zip(*found, strict=True), strict=True
        ):
            print(f"{name} after running the cell: p50 {p50(times):.0f} ms, ", end="")
            print(f"p95 {p95(times):.0f} ms")


if __name__ == "__main__":
    main()
