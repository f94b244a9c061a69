"""An edit as a page: it plays offline, tells no folder, and runs nobody's script."""

import errno
import re
from base64 import b64decode
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser.lab import NUMBER_OF_CANVAS, becomes, browser_page
from media_factory import Clips, read_number
from playwright.sync_api import Page

import timeline_nb as tl

EVIL = '<script>alert(1)</script>"&'


@pytest.fixture
def cut(clips: Clips, tmp_path: Path) -> Iterator[tl.Edit]:
    folder = tmp_path / "private folder"
    folder.mkdir()
    (folder / "walk.mp4").write_bytes(clips["cfr"].read_bytes())
    with tl.open_studio(tl.Settings(roots=[tmp_path])) as studio:
        src = tl.open(folder / "walk.mp4", studio=studio)
        cut = tl.Edit("a walk", rate=25, size=src.size, studio=studio)
        cut.append([src.clip("1s", "1.4s", name=EVIL), src.clip("0s", "0.4s")])
        cut.markers.add("0.4s", name=f"{EVIL} here", note="second")
        cut.comments.add("0.2s", "Shorter?", author="Ann")
        cut.subtitles.add("Good morning", start=0, end="0.4s")
        yield cut


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [v or "" for k, v in attrs if k in {"src", "href", "poster"}]


def test_it_names_media_and_no_folder_and_escapes_names(
    cut: tl.Edit, tmp_path: Path
) -> None:
    path = cut.to_html(tmp_path / "cut.html", film=False)
    text = path.read_text("utf-8")
    assert "walk.mp4" in text
    assert "private folder" not in text
    for shown in ("Shorter?", "Ann", "Good morning", "second"):
        assert shown in text
    page = _Tags()
    page.feed(text)
    # Ours alone, and one style.
    assert page.tags.count("script") == 1
    assert all(address.startswith("data:") for address in page.addresses)


def test_its_film_has_the_frames_of_the_edit(cut: tl.Edit, tmp_path: Path) -> None:
    text = cut.to_html(tmp_path / "cut.html", height_px=180).read_text("utf-8")
    found = re.search(r'id="film"[^>]*data-type="video/mp4">([^<]+)<', text)
    assert found
    film = tmp_path / "inner.mp4"
    film.write_bytes(b64decode(found[1]))
    inner = tl.open(film, studio=cut.studio)
    assert inner.size[1] == 180
    # Frames 25 to 34 of the media, then its first ten.
    numbers = [read_number(picture) for picture in inner.frames()]
    assert numbers == [*range(25, 35), *range(10)]


def test_it_replaces_no_file_of_others(cut: tl.Edit, tmp_path: Path) -> None:
    theirs = tmp_path / "notes.html"
    theirs.write_text("theirs")
    with pytest.raises(tl.ProjectError, match=r"notes\.html"):
        cut.to_html(theirs, film=False)
    assert theirs.read_text() == "theirs"
    with pytest.raises(tl.ProjectError, match=r"ends in \.html, not '\.mp4'"):
        cut.to_html(tmp_path / "film.mp4")
    with pytest.raises(tl.ProjectError, match="give 90 to 1080"):
        cut.to_html(tmp_path / "cut.html", height_px=20)
    with pytest.raises(tl.ProjectError, match="there is no folder"):
        cut.to_html(tmp_path / "none" / "cut.html")
    assert not (tmp_path / "cut.html").exists()


def test_an_empty_edit_is_a_page_as_well(tmp_path: Path) -> None:
    with tl.open_studio(tl.Settings(roots=[tmp_path])) as studio:
        empty = tl.Edit("nothing yet", studio=studio)
        text = empty.to_html(tmp_path / "empty.html").read_text("utf-8")
    assert "nothing yet" in text
    assert "<video" not in text


@pytest.mark.browser
def test_it_plays_and_seeks_with_no_network(cut: tl.Edit, tmp_path: Path) -> None:
    path = cut.to_html(tmp_path / "cut.html", height_px=180)
    with browser_page() as page:
        faults: list[str] = []
        asked: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if said.type == "error" else None,
        )
        page.on("request", lambda request: asked.append(request.url))
        page.context.set_offline(offline=True)
        page.goto(path.as_uri())
        page.wait_for_selector(".playable")
        page.get_by_role("button", name="00:00:00:10").first.click()
        # The second clip begins at frame 0 of the media.
        becomes(lambda: _shown(page), 0)
        box = page.locator(".timeline").bounding_box()
        assert box is not None
        # The names of tracks take a twentieth; a quarter of the rest is frame 5.
        x = box["width"] * (0.05 + 0.95 * 0.26)
        page.locator(".timeline").click(position={"x": x, "y": 30})
        becomes(lambda: _shown(page), 30)
        assert faults == []
    assert all(url.startswith(("file:", "blob:", "data:")) for url in asked)


@pytest.mark.browser
def test_it_is_no_wider_than_a_telephone(cut: tl.Edit, tmp_path: Path) -> None:
    cut.subtitles.add("W" * 60 + " and more", start=0, end="1s")
    path = cut.to_html(tmp_path / "cut.html", film=False)
    with browser_page() as page:
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(path.as_uri())
        width = "() => document.documentElement.scrollWidth"
        assert page.evaluate(width) == 390
        # The timeline is moved within its own place.
        assert page.evaluate("() => document.querySelector('.wide').scrollWidth") >= 640


def _shown(page: Page) -> int:
    """The number in the frame that the video shows."""
    number: int = page.evaluate(
        f"""() => {{
            const video = document.querySelector('video');
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
            canvas.getContext('2d').drawImage(video, 0, 0);
            return ({NUMBER_OF_CANVAS})(canvas);
        }}"""
    )
    return number


def test_a_full_disk_is_named(
    cut: tl.Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(tl.ProjectError, match=r"cut\.html cannot be .*disk is full"):
        cut.to_html(tmp_path / "cut.html", film=False)
