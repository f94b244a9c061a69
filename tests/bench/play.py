"""Playback in headless Chromium: the first frame, dropped frames, sound and picture.

    python tests/bench/play.py

An edit of cuts, dissolves and a picture in picture, 640x360 at 30 frames a second,
from two films of 1280x720.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.stage import notebook, p50, p95, run_code
from playwright.sync_api import Page

CELLS = [
    "import timeline_nb as tl",
    """
a, b = tl.open("a.mp4"), tl.open("b.mp4")
cut = tl.Edit("bench", rate=30, size=(640, 360))
for n in range(10):
    film = (a, b)[n % 2]
    cut.append(film.clip(f"{3 * n + 1}s", f"{3 * n + 8}s"))
for n in (1, 4, 7):
    cut.dissolve(after=n, duration="1s")
cut.add_track("video")
cut.overwrite(b.clip("2s", "30s"), at="10s", track="V2")
top = cut.timeline.tracks[1].items[-1]
cut.set(top.id, transform=tl.Transform(scale=0.3, position=(0.8, 0.2)))
player = tl.Player(cut)
player
""",
]
SECONDS = 60
# Titles that move and fade, an effect, and sound that fades.
TITLED = [
    CELLS[0],
    """
a, b = tl.open("a.mp4"), tl.open("b.mp4")
cut = tl.Edit("titled", rate=30, size="720p")
cut.append([a.clip("1s", "9s"), b.clip("1s", "9s"), a.clip("10s", "18s")])
for n, animation in enumerate(("rise", "fade", "typewriter")):
    cut.titles.add("A title", start=8 * n, end=8 * n + 6, animation=animation)
cut.effects.add(1, "vignette", amount=0.5)
cut.set(0, fade_in="2s")
player = tl.Player(cut)
player
""",
]
TITLED_SECONDS = 22
# From the click to the first frame that is another than the one that stood there.
START = """() => new Promise(done => {
    const canvas = document.querySelector('[data-testid=picture]');
    const before = canvas.dataset.frame;
    const began = performance.now();
    const watch = new MutationObserver(() => {
        if (canvas.dataset.frame === before) return;
        watch.disconnect();
        done(performance.now() - began);
    });
    watch.observe(canvas, { attributes: true });
    document.querySelector('[data-testid=play]').click();
})"""
# Which frames were drawn, and what the decoder dropped.
WATCH = """(seconds) => new Promise(done => {
    const canvas = document.querySelector('[data-testid=picture]');
    const video = document.querySelector('video');
    const quality = video.getVideoPlaybackQuality();
    const [total, dropped] = [quality.totalVideoFrames, quality.droppedVideoFrames];
    const seen = new Set();
    const watch = new MutationObserver(() => seen.add(Number(canvas.dataset.frame)));
    watch.observe(canvas, { attributes: true });
    setTimeout(() => {
        watch.disconnect();
        const now = video.getVideoPlaybackQuality();
        done({ drawn: seen.size, first: Math.min(...seen), last: Math.max(...seen),
               decoded: now.totalVideoFrames - total,
               dropped: now.droppedVideoFrames - dropped });
    }, seconds * 1000);
})"""
# When each click is heard, less when the picture of its time is on the screen.
HEAR = """(seconds) => new Promise(done => {
    const video = document.querySelector('video');
    const context = new AudioContext({ sampleRate: 48000 });
    const tap = context.createMediaElementSource(video);
    const node = context.createScriptProcessor(256, 2, 1);
    const [clicks, shown] = [[], []];
    let quiet = true;
    node.onaudioprocess = ({ inputBuffer }) => {
        const loud = inputBuffer.getChannelData(0).some((v) => Math.abs(v) > 0.2);
        if (loud && quiet) clicks.push(performance.now());
        quiet = !loud;
    };
    tap.connect(node);
    node.connect(context.destination);
    const frame = (_, told) => {
        shown.push([told.expectedDisplayTime, told.mediaTime]);
        video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
    setTimeout(() => {
        const offsets = clicks.flatMap((heard) => {
            const last = shown.findLast(([at]) => at <= heard);
            if (!last) return [];
            // The film clicks each half second: how far from it is the picture now?
            const media = last[1] + (heard - last[0]) / 1000;
            return [1000 * (media - Math.round(media * 2) / 2)];
        });
        done(offsets);
    }, seconds * 1000);
})"""


def starts(page: Page, count: int) -> list[float]:
    """Milliseconds from click to picture, each from another place, at rest before."""
    times = []
    for n in range(count):
        run_code(page, f"player.playhead = {(n * 7.3) % 60}")
        page.wait_for_timeout(1500)
        times.append(float(page.evaluate(START)))
        page.wait_for_timeout(300)
        page.locator("[data-testid=play]").click()
    return times


def main() -> None:
    with notebook(CELLS, {"a.mp4": 40, "b.mp4": 40}) as (page, _):
        page.wait_for_selector("[data-testid=picture][data-frame='0']")
        run_code(page, "print(player._player._studio.proxies.wait(300))")
        times = starts(page, 15)
        print(f"first frame after the click: p50 {p50(times):.0f} ms, ", end="")
        print(f"p95 {p95(times):.0f} ms (from rest)")
        run_code(page, "player.playhead = 0.0")
        page.wait_for_timeout(1500)
        page.evaluate(START)
        page.wait_for_timeout(1000)
        told = page.evaluate(WATCH, SECONDS)
        span = told["last"] - told["first"] + 1
        print(f"{SECONDS} s of playback: {told['decoded']} frames decoded, ", end="")
        print(f"{told['dropped']} dropped; {told['drawn']} of {span} drawn")
        page.locator("[data-testid=play]").click()
        run_code(page, "player.playhead = 0.0")
        page.wait_for_timeout(1500)
        page.evaluate(START)
        offsets = page.evaluate(HEAR, 12)
        print(f"sound behind picture: p50 {p50(offsets):+.0f} ms, ", end="")
        print(f"{min(offsets):+.0f} to {max(offsets):+.0f} ms, {len(offsets)} clicks")
    with notebook(TITLED, {"a.mp4": 30, "b.mp4": 30}) as (page, _):
        page.wait_for_selector("[data-testid=picture][data-frame='0']")
        run_code(page, "print(player._player._studio.proxies.wait(300))")
        for label in ("cold", "warm"):
            run_code(page, "player.playhead = 0.0")
            page.wait_for_timeout(1500)
            page.evaluate(START)
            told = page.evaluate(WATCH, TITLED_SECONDS)
            span = told["last"] - told["first"] + 1
            most = 30 * TITLED_SECONDS
            print(
                f"titles and music, {label}: {told['drawn']} of {most} drawn ", end=""
            )
            print(f"in {TITLED_SECONDS} s, to frame {told['first'] + span}")
            page.locator("[data-testid=play]").click()


if __name__ == "__main__":
    main()
