"""Small pictures by ranges of a file: what a page learns, and what the server sends."""

import struct
from pathlib import Path

import numpy as np
from media_factory import Recipe, make
from server.page import Page, cookie_of
from server.scene import alone

from timeline_nb.access.media_types import media_type_of, served_type_of


def test_a_page_gets_pictures_from_the_file_that_it_is_told_of(tmp_path: Path) -> None:
    make(
        tmp_path, Recipe("film.mp4", frames=50, size=(160, 90), options=(("g", "250"),))
    )
    with alone(tmp_path) as site, Page(site, cookie_of(site), "film.mp4") as page:
        page.receive()
        page.request("hello")
        version = page.wait_for("playerSource")["version"]
        view, numbers = {"id": 0, "view": "test"}, [7, 8]
        asked = {"kind": "askFrames", "version": version, "numbers": numbers, **view}
        asked |= {"widthPx": 0, "heightPx": 0}
        file = None
        while file is None:
            # They are made in the background; it is asked as a page asks.
            page.send({"method": "custom", "content": asked})
            page.request("ping")
            found = [one for one in page.unread if one["kind"] == "proxyFile"]
            file = found[0] if found else None
        assert site.ask(file["file"], login=False).status == 403
        offsets = np.frombuffer(file["buffers"][0], "<u4")
        assert len(offsets) - 1 + file["first"] == 50
        seventh = f"bytes={offsets[7]}-{offsets[8] - 1}"
        answer = site.ask(file["file"], headers={"Range": seventh})
        assert answer.status == 206
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
        # A whole JPEG: its first and last marker (ITU T.81, table B.1), and its size.
        assert answer.body[:3] == b"\xff\xd8\xff"
        assert answer.body[-2:] == b"\xff\xd9"
        at = answer.body.index(b"\xff\xc0") + 5
        assert struct.unpack(">HH", answer.body[at : at + 4]) == (90, 160)
        # Once is enough.
        page.send({"method": "custom", "content": asked})
        page.request("ping")
        assert [one["kind"] for one in page.unread].count("proxyFile") == 1


def test_proxies_are_no_media_that_a_person_serves() -> None:
    assert not media_type_of("0.jpgs")
    assert served_type_of("0.jpgs") == "application/octet-stream"
    assert served_type_of("a.html") == ""
