"""The player in a real JupyterLab: each picture is the frame that its number says."""

from itertools import pairwise

import pytest
from browser.conftest import Opener
from browser.lab import (
    NUMBER_OF_CANVAS,
    Lab,
    becomes,
    run_code,
    start_code,
    wait_for_kernel,
    wait_until_still,
)
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop is left to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PICTURE = "canvas[data-testid=picture]"
MEDIA = ('player = tl.Player("film.mp4")', "player")
# By the kernel's stream, and not the file itself.
DRAFT = ('player = tl.Player("film.mp4", quality="draft")', "player")
# Frames 100 to 149 of the film, then a dissolve of half a second to the other's 50 on.
CUT = (
    """
film, other = tl.open("film.mp4"), tl.open("other.mp4")
cut = tl.Edit("walk", rate=25, size=(640, 360))
cut.append(film.clip("100f", "150f"))
cut.append(other.clip("50f", "150f"))
cut.dissolve(after=0, duration="12f")
""",
    "player = tl.Player(cut)\nplayer",
)
# Each picture's own number beside the number it is said to have, as they are drawn,
# until so many were seen, or playback or `window.watching` ends.
WATCH = f"""(count) => new Promise(done => {{
    const canvas = document.querySelector('{PICTURE}');
    const read = {NUMBER_OF_CANVAS};
    const seen = [];
    const goes = () => window.watching ?? canvas.dataset.playing === 'true';
    const tick = () => {{
        const frame = Number(canvas.dataset.frame);
        if (!seen.length || seen.at(-1)[0] !== frame) seen.push([frame, read(canvas)]);
        if (seen.length < count && goes()) requestAnimationFrame(tick); else done(seen);
    }};
    tick();
}})"""


def number(page: Page) -> int:
    """What the picture says of itself."""
    read: int = page.locator(PICTURE).evaluate(NUMBER_OF_CANVAS)
    return read


def wait_for_frame(page: Page, frame: int) -> None:
    page.wait_for_selector(f"{PICTURE}[data-frame='{frame}']")


def test_each_frame_is_the_one_asked_for(show: Opener) -> None:
    page = show(*MEDIA, widget="player-widget")
    for frame in (0, 137, 12, 249, 248, 1):
        run_code(page, f"player.playhead = {frame} / 25")
        wait_for_frame(page, frame)
        assert number(page) == frame
    page.locator("[data-testid=screen]").click()
    for key, frame in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2)):
        page.keyboard.press(key)
        wait_for_frame(page, frame)
        assert number(page) == frame
    page.keyboard.press("End")
    wait_for_frame(page, 249)
    page.keyboard.press("Shift+ArrowLeft")
    wait_for_frame(page, 224)
    wait_for_kernel(page, "player.frame, player.playhead", "224 8.96")


def test_dragging_the_scrub_bar_shows_every_frame_right(show: Opener) -> None:
    page = show(*MEDIA, widget="player-widget")
    wait_for_frame(page, 0)
    bar = page.locator("[data-testid=scrub]").bounding_box()
    assert bar is not None
    y = bar["y"] + bar["height"] / 2
    page.mouse.move(bar["x"] + 1, y)
    page.mouse.down()
    page.evaluate(
        f"() => {{ window.watching = true; window.watched = ({WATCH})(1000); }}"
    )
    for share in (0.3, 0.9, 0.2, 0.55):
        page.mouse.move(bar["x"] + share * bar["width"], y, steps=15)
        wait_for_frame(page, round(share * 249))
        wait_until_still(page)
    page.mouse.up()
    seen = page.evaluate("() => { window.watching = false; return window.watched; }")
    assert len(seen) > 4
    assert [frame for frame, _ in seen] == [read for _, read in seen]
    wait_for_frame(page, round(0.55 * 249))


def test_a_film_plays_with_its_sound(show: Opener) -> None:
    page = show(*MEDIA, widget="player-widget")
    wait_for_frame(page, 0)
    page.locator("[data-testid=screen]").click()
    page.keyboard.press("Space")
    page.wait_for_selector(f"{PICTURE}[data-playing=true]")
    seen = page.evaluate(WATCH, 20)
    frames = [frame for frame, _ in seen]
    assert frames == [read for _, read in seen]
    assert frames == sorted(frames)
    assert len(frames) > 10
    heard = page.evaluate(
        "() => document.querySelector('video').webkitAudioDecodedByteCount"
    )
    assert heard > 1000
    page.keyboard.press("k")
    wait_for_kernel(page, "player.playing", "False")
    frame = int(page.locator(PICTURE).get_attribute("data-frame") or -1)
    wait_for_kernel(page, "player.frame", str(frame))
    assert number(page) == frame


def test_an_edit_is_shown_composed_and_follows_its_changes(show: Opener) -> None:
    page = show(*CUT, widget="player-widget")
    wait_for_frame(page, 0)
    assert number(page) == 100
    # The last frame before the dissolve, and the first behind it.
    for frame, own in ((43, 143), (56, 56), (90, 90)):
        run_code(page, f"player.playhead = {frame} / 25")
        wait_for_frame(page, frame)
        assert number(page) == own
    run_code(page, 'cut.slip("c3", by="20f")')
    page.wait_for_function(
        f"() => ({NUMBER_OF_CANVAS})(document.querySelector('{PICTURE}')) === 110"
    )
    page.locator("[data-testid=screen]").click()
    page.keyboard.press("Home")
    wait_for_frame(page, 0)
    page.keyboard.press("l")
    page.wait_for_selector(f"{PICTURE}[data-playing=true]")
    seen = page.evaluate(WATCH, 60)
    page.keyboard.press("k")
    plain = [(f, n) for f, n in seen if f < 43 or f > 56]
    assert len(plain) > 10
    assert all(n == (100 + f if f < 44 else f + 20) for f, n in plain)


def test_it_plays_backwards_faster_looped_and_muted(show: Opener) -> None:
    page = show(*MEDIA, widget="player-widget")
    page.locator("[data-testid=screen]").click()
    run_code(page, "player.playhead = 4.0")
    wait_for_frame(page, 100)
    page.keyboard.press("j")
    page.wait_for_selector(f"{PICTURE}[data-playing=true]")
    seen = page.evaluate(WATCH, 8)
    page.keyboard.press("k")
    frames = [frame for frame, _ in seen]
    assert frames == sorted(frames, reverse=True)
    assert frames == [read for _, read in seen]
    assert frames[0] - frames[-1] > 4

    # In and out points, a loop between them at twice the speed, pitch kept. First the
    # kernel must have heard where it stopped, else that would come after the cell's.
    wait_for_kernel(page, "player.playing", "False")
    stopped = page.locator(PICTURE).get_attribute("data-frame") or ""
    wait_for_kernel(page, "round(player.playhead * 25)", stopped)
    run_code(page, "player.playhead = 1.0")
    wait_for_frame(page, 25)
    page.keyboard.press("i")
    run_code(page, "player.playhead = 1.6")
    wait_for_frame(page, 40)
    page.keyboard.press("o")
    page.get_by_role("button", name="Loop").click()
    page.get_by_role("combobox", name="Speed").select_option("2")
    page.locator("[data-testid=screen]").focus()
    page.keyboard.press("Space")
    page.evaluate("() => { window.watching = true; }")
    seen = page.evaluate(WATCH, 30)
    video = "() => { const v = document.querySelector('video'); return %s; }"
    assert page.evaluate(video % "[v.playbackRate, v.preservesPitch]") == [2, True]
    page.keyboard.press("Shift+M")
    becomes(lambda: page.evaluate(video % "v.muted"), True)
    page.keyboard.press("k")
    looped = [frame for frame, _ in seen]
    assert all(25 <= frame <= 41 for frame in looped[2:])
    assert any(later < earlier for earlier, later in pairwise(looped))


def wait_for_subshell(page: Page) -> None:
    """Wait until the kernel takes the widget's messages while a cell runs.

    Lab gives a widget a subshell soon after it is shown, if the kernel is free.
    """
    run_code(
        page,
        """
import threading
threads = []
player.on_msg(lambda *_: threads.append(threading.current_thread()))
""",
    )
    is_free = "bool(threads) and threads[-1] is not threading.main_thread()"
    for key in ("Shift+ArrowRight", "Shift+ArrowLeft") * 60:
        page.keyboard.press(key)
        if run_code(page, f"print({is_free})") == "True":
            return
        page.wait_for_timeout(500)
    raise AssertionError("the widget has no subshell")


BUSY = (
    "while not Path('enough').exists(): time.sleep(0.2)",
    """
turns = 0
while turns % 1_000_000 or not Path('enough').exists():
    turns += 1
""",
)


@pytest.mark.parametrize("busy_with", BUSY)
def test_it_scrubs_and_plays_while_a_cell_runs(
    busy_with: str, show: Opener, lab: Lab
) -> None:
    page = show(*DRAFT, widget="player-widget")
    wait_for_frame(page, 0)
    page.locator("[data-testid=screen]").click()
    # Small frames are made within seconds.
    wait_for_subshell(page)
    page.keyboard.press("Home")
    wait_for_frame(page, 0)
    wait_for_kernel(page, "player._player._studio.proxies.wait(0)", "True")
    flag = lab.folder / "enough"
    start_code(page, f"import time\nfrom pathlib import Path\n{busy_with}")
    try:
        for _ in range(3):
            page.keyboard.press("Shift+ArrowRight")
        wait_for_frame(page, 75)
        assert number(page) == 75
        page.keyboard.press("Space")
        page.wait_for_selector(f"{PICTURE}[data-playing=true]")
        seen = page.evaluate(WATCH, 10)
        page.keyboard.press("k")
        assert len({frame for frame, _ in seen}) > 4
        assert all(frame == read for frame, read in seen)
        assert page.evaluate("() => window.busy")
    finally:
        flag.touch()
        page.wait_for_function("() => !window.busy")
        flag.unlink()


def test_without_media_source_frames_are_played_one_by_one(
    show: Opener, page: Page
) -> None:
    page.add_init_script("delete window.MediaSource;")
    show(*DRAFT, widget="player-widget")
    wait_for_frame(page, 0)
    page.locator("[data-testid=screen]").click()
    page.keyboard.press("Space")
    page.wait_for_selector(f"{PICTURE}[data-playing=true]")
    seen = page.evaluate(WATCH, 8)
    page.keyboard.press("k")
    frames = [frame for frame, _ in seen]
    assert frames == [read for _, read in seen]
    assert len(frames) > 6


def test_quality_and_safe_areas_are_chosen(show: Opener) -> None:
    page = show('player = tl.Player("bunny.mp4")', "player", widget="player-widget")
    picture = page.locator(PICTURE)
    wide = "() => document.querySelector('canvas[data-testid=picture]').width"
    # At rest, the picture is made of the source, as large as the screen.
    page.wait_for_function(f"() => ({wide})() > 640")
    sharp = page.evaluate(wide)
    assert abs(sharp - picture.evaluate("e => e.clientWidth")) <= 2
    page.get_by_role("combobox", name="Quality").select_option("draft")
    run_code(page, "player.playhead = 1.0")
    wait_for_frame(page, 25)
    page.wait_for_timeout(600)
    assert page.evaluate(wide) == 640
    page.get_by_role("combobox", name="Quality").select_option("full")
    page.wait_for_function(f"() => ({wide})() === {sharp}")
    expect(page.locator(".tnb-safe-areas")).to_be_hidden()
    page.get_by_role("button", name="Safe areas").click()
    expect(page.locator(".tnb-safe-areas")).to_be_visible()


def test_a_missing_source_is_a_slate_and_nothing_breaks(show: Opener) -> None:
    page = show(
        CUT[0],
        """
from pathlib import Path
Path("other.mp4").rename("away.mp4")
player = tl.Player(cut)
player
""",
        widget="player-widget",
    )
    try:
        run_code(page, "player.playhead = 3.0")
        page.wait_for_function(
            f"""() => {{
                const canvas = document.querySelector('{PICTURE}');
                const {{ data }} = canvas.getContext('2d').getImageData(8, 8, 1, 1);
                // The color of a slate, as a JPEG has it.
                return [58, 29, 32].every((level, n) => Math.abs(data[n] - level) < 8);
            }}"""
        )
        expect(page.locator(".tnb-notice")).to_be_hidden()
        run_code(page, "player.playhead = 0.4")
        wait_for_frame(page, 10)
        assert number(page) == 110
    finally:
        run_code(page, 'Path("away.mp4").rename("other.mp4")')
