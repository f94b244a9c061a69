"""A film of copied and encoded packets, in the browser's own player."""

import threading
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser.lab import browser_page
from media_factory import BITS, Clips
from references import cut_from

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline

pytestmark = pytest.mark.browser
# Shows the frame at each of some times, and reads the bars that carry its number.
READ = """
async ([name, times, bits]) => {
    const video = document.createElement("video");
    const data = await (await fetch(name)).blob();
    video.muted = true;
    document.body.append(video);
    video.src = URL.createObjectURL(data);
    await new Promise((done, fail) => {
        video.onloadeddata = done;
        video.onerror = () => fail(video.error.message);
    });
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const pen = canvas.getContext("2d");
    const found = [];
    for (const time of times) {
        // A seek is told before its frame is there to be drawn: the frame tells itself.
        await new Promise((done) => {
            const look = (_, frame) => {
                if (Math.abs(frame.mediaTime - time) < 0.03) done();
                else video.requestVideoFrameCallback(look);
            };
            video.requestVideoFrameCallback(look);
            video.currentTime = time;
        });
        pen.drawImage(video, 0, 0);
        let number = 0;
        for (let bit = 0; bit < bits; bit++) {
            const x = Math.floor(canvas.width * (2 * bit + 1) / (2 * bits));
            const [red] = pen.getImageData(x, canvas.height >> 2, 1, 1).data;
            number = 2 * number + (red > 128);
        }
        found.push(number);
    }
    return [found, video.duration];
}
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "index.html").write_text("<!doctype html><title>film</title>")
    handler = partial(_Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("name", ["cfr", "bframes"])
def test_a_smart_film_plays_with_every_frame_in_its_place(
    name: str, clips: Clips, library: MediaLibrary, site: str, tmp_path: Path
) -> None:
    spans = [(5, 58), (14, 45), (0, 25)]
    shown = [n for first, last in spans for n in range(first, last)]
    row = [
        cut_from(clips[name], library, Fraction(a, 25), Fraction(b - a, 25))
        for a, b in spans
    ]
    timeline = edits.append(Timeline(name="s", rate=Fraction(25), size=(192, 112)), row)
    renderer = Renderer(library, tmp_path / "cache")
    wanted = Profile(smart=True, preset="ultrafast", crf=12)
    result = renderer.render(timeline, tmp_path / "film.mp4", wanted, Reporter())
    assert result.plan is not None
    assert result.plan.of("copy")
    times = [(n + 0.5) / 25 for n in range(len(shown))]
    with browser_page() as page:
        page.goto(site)
        found, duration = page.evaluate(READ, ["film.mp4", times, BITS])
    assert found == shown
    assert abs(duration - len(shown) / 25) < 0.05
