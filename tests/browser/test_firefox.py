"""The editor in Firefox, on the page without Jupyter."""

from pathlib import Path

import pytest
from browser.firefox import PROGRAM, running_firefox
from browser.lab import NUMBER_OF_CANVAS
from media_factory import Recipe, make
from server.scene import alone

import timeline_nb as tl

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not PROGRAM, reason="needs firefox-esr, which is missing here"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

TIMELINE = "document.querySelector('canvas[data-testid=timeline]')"
PICTURE = "document.querySelector('canvas[data-testid=picture]')"
# Where the timeline begins, where V1 lies, and how long a second is.
WHERE = """canvas => {
    const box = canvas.getBoundingClientRect();
    const { originS, pxPerS, ruler } = canvas.dataset;
    return [box.left - originS * pxPerS, box.top + Number(ruler) + 40, Number(pxPerS)];
}"""
FAULTS = """
window.faults = [];
window.addEventListener('error', event => faults.push(String(event.message)));
window.addEventListener('unhandledrejection', event => faults.push(`${event.reason}`));
"""


def test_firefox_opens_steps_and_plays(tmp_path: Path) -> None:
    make(tmp_path, Recipe("film.mp4", frames=250, size=(640, 360), clicks=True))
    with tl.open_studio(tl.Settings(roots=(tmp_path,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
        film = tl.open(tmp_path / "film.mp4", studio=studio)
        cut.append([film.clip("1s", "3s"), film.clip("4s", "5s")])
        cut.save(tmp_path / "cut.tlp")
    with alone(tmp_path) as site, running_firefox(tmp_path) as firefox:
        firefox.open(f"{site.base}?token={site.token}")
        firefox.open(f"{site.base}?open=cut.tlp")
        firefox.run(FAULTS)
        firefox.wait(
            "document.querySelector('[data-testid=editor-widget][data-state=live]')"
        )
        firefox.wait(f"{TIMELINE}?.dataset.duration === '3'")
        # The edit begins at frame 25 of the film.
        firefox.wait(f"{PICTURE}?.dataset.frame === '0'")
        number = f"return ({NUMBER_OF_CANVAS})({PICTURE});"
        assert firefox.run(number) == 25
        firefox.run(f"{TIMELINE}.focus();")
        # The key of Right, as WebDriver writes it.
        firefox.press("\ue014")
        firefox.wait(f"{PICTURE}.dataset.frame === '1'")
        assert firefox.run(number) == 26
        firefox.press(" ")
        # A headless Firefox reports no frames of a video: its clock is what is heard.
        firefox.wait("document.querySelector('video').currentTime > 0.5")
        firefox.wait(f"{PICTURE}.dataset.playing === 'false'")
        # The end of the last clip, 20 frames to the left.
        left, top, px_per_s = firefox.run(f"return ({WHERE})({TIMELINE});")
        last = [(left + at * px_per_s, top) for at in (2.99, 2.5, 2.19)]
        firefox.drag(*last)
        firefox.wait(f"{TIMELINE}.dataset.duration === '2.2'")
        firefox.screenshot(tmp_path / "firefox.png")
        assert firefox.run("return window.faults;") == []
