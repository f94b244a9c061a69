"""Seeks beside a cell in a tight loop, with and without sooner turns for threads.

python tests/bench/busy.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.scrub import seeks
from bench.stage import ECHO, notebook, p50, p95, run_code
from browser.lab import start_code

CELLS = ["import timeline_nb as tl", ECHO, "player = tl.Player('film.mp4')\nplayer"]
LOOP = "import sys, time\nsys.setswitchinterval({})\n"
LOOP += "end = time.time() + 10\nwhile time.time() < end: pass"
# Python's own interval, and that of a kernel whose widgets are looked at.
INTERVALS_S = (0.005, 0.001, 0.005, 0.001)


def main() -> None:
    with notebook(CELLS, {"film.mp4": 20}) as (page, _):
        page.wait_for_selector("[data-testid=picture][data-frame='0']")
        run_code(page, "print(player._player._studio.proxies.wait(300))")
        for turn, interval in enumerate(INTERVALS_S):
            page.evaluate("() => window.echo(10)")
            start_code(page, LOOP.format(interval))
            echo = p50(page.evaluate("() => window.echo(20)"))
            times = seeks(page, [(n * 79 + 13 + turn * 17) % 590 for n in range(12)])
            print(
                f"turns every {interval * 1000:.0f} ms: echo p50 {echo:.0f} ms, ",
                end="",
            )
            print(f"seek p50 {p50(times):.0f} ms, p95 {p95(times):.0f} ms")
            page.wait_for_function("() => !window.busy", timeout=30_000)


if __name__ == "__main__":
    main()
