"""Scrubbing in headless Chromium, as multiples of an echo over the same channel.

    python tests/bench/scrub.py

A film of 1280x720 with one keyframe in 250 frames, a player of 640x360. A seek begins
with the pointer on the scrub bar and ends when the frame is drawn.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.stage import ECHO, notebook, p50, p95, run_code
from playwright.sync_api import Page

CELLS = [
    "import timeline_nb as tl",
    # No proxies until the bench asks for them.
    """
from timeline_nb.preview.proxies import ProxyStore
request, ProxyStore.request = ProxyStore.request, lambda *_: None
""",
    ECHO,
    "player = tl.Player('film.mp4')\nplayer",
]
DISPLAY_MS = 1000 / 60
# A frame that is drawn sooner was in the browser.
ASKED_MS = 3
# A number of seeks, each begun once the former is drawn.
SEEK = """async ({ frames, pause }) => {
    const bar = document.querySelector('[data-testid=scrub]');
    const canvas = document.querySelector('[data-testid=picture]');
    const last = Number(bar.getAttribute('aria-valuemax'));
    const times = [];
    for (const frame of frames) {
        const box = bar.getBoundingClientRect();
        const clientX = box.left + box.width * frame / last;
        const clientY = box.top + box.height / 2;
        const event = { clientX, clientY, buttons: 1, button: 0, bubbles: true };
        const drawn = new Promise((done) => {
            if (canvas.dataset.frame === String(frame)) {
                done(performance.now());
                return;
            }
            const watch = new MutationObserver(() => {
                if (canvas.dataset.frame !== String(frame)) return;
                watch.disconnect();
                done(performance.now());
            });
            watch.observe(canvas, { attributes: true });
        });
        const began = performance.now();
        bar.dispatchEvent(new PointerEvent('pointermove', event));
        times.push(await drawn - began);
        await new Promise((done) => setTimeout(done, pause));
    }
    return times;
}"""


def seeks(page: Page, frames: list[int], *, pause_ms: float = 20) -> list[float]:
    """Milliseconds of each seek."""
    times: list[float] = page.evaluate(SEEK, {"frames": frames, "pause": pause_ms})
    return times


def show(name: str, times: list[float], echo: float) -> None:
    print(
        f"{name:44} p50 {p50(times):6.1f} ms  p95 {p95(times):6.1f} ms"
        f"  {p50(times) / echo:5.2f} x echo"
    )


def main() -> None:
    with notebook(CELLS, {"film.mp4": 60}) as (page, _):
        page.wait_for_selector("[data-testid=player-widget][data-state=live]")
        page.wait_for_selector("[data-testid=picture][data-frame='0']")
        # Before there are proxies, each seek decodes from a keyframe.
        first = seeks(page, [1000, 300, 1500, 700, 1250, 120, 1600, 480])
        run_code(
            page,
            "ProxyStore.request = request\nplayer._player.film(1).request_proxies(0)",
        )
        waited = "print(player._player._studio.proxies.wait(300))"
        began = time.monotonic()
        assert run_code(page, waited) == "True"
        print(f"proxies of the minute of film: {time.monotonic() - began:.1f} s")
        page.evaluate("() => window.echo(20)")
        echo = p50(page.evaluate("() => window.echo(60)"))
        print(f"echo over the widget channel: p50 {echo:.1f} ms")
        show("seek at random, before its proxy is made", first, echo)
        far = [(n * 7919 + 13) % 1790 for n in range(40)]
        show("seek at random, cold", seeks(page, far), echo)
        # The browser keeps a hundred frames, the kernel some hundreds: after as many
        # others, most of the first are with the kernel alone.
        seeks(page, [(n * 104_729 + 5) % 1790 for n in range(150)])
        again = [time for time in seeks(page, far) if time > ASKED_MS]
        show(f"seek at random, the kernel has it ({len(again)})", again, echo)
        start = far[-1] % 800 + 200
        drags = {
            "step forward": list(range(start, start + 90)),
            "step back": list(range(start + 90, start, -1)),
            "drag forward by 3": list(range(start, start + 270, 3)),
            "drag back by 3": list(range(start + 270, start, -3)),
        }
        for name, frames in drags.items():
            seeks(page, frames[:1], pause_ms=400)
            times = seeks(page, frames[1:], pause_ms=DISPLAY_MS * 2)
            within = sum(time <= DISPLAY_MS for time in times) / len(times)
            show(f"{name} (30 a second)", times, echo)
            print(f"{'':44} within one display frame: {within:.0%}")


if __name__ == "__main__":
    main()
