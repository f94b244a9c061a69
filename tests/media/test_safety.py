import os
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from media_factory import Clips
from PIL import Image

from timeline_nb.errors import MediaError, UnsafeMediaError
from timeline_nb.media.probe import probe


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port that notes every connection."""
    heard: list[bytes] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                heard.append(b"called")
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        stop.set()
        thread.join()


def _playlists(port: int) -> dict[str, str]:
    here = f"http://127.0.0.1:{port}/a.ts"
    return {
        "hls": f"#EXTM3U\n#EXTINF:1,\n{here}\n#EXT-X-ENDLIST\n",
        "hls_file": "#EXTM3U\n#EXTINF:1,\ncanary.ts\n#EXT-X-ENDLIST\n",
        "concat": "ffconcat version 1.0\nfile canary.mp4\n",
        "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\n"
        f"m=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "dash": "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'>"
        f"<Period><AdaptationSet><BaseURL>{here}</BaseURL></AdaptationSet></Period></MPD>",
    }


@pytest.mark.parametrize("kind", ["hls", "hls_file", "concat", "sdp", "dash"])
@pytest.mark.parametrize("suffix", ["mp4", "m3u8", "mkv"])
def test_a_playlist_posing_as_a_video_opens_nothing_else(
    kind: str,
    suffix: str,
    listener: tuple[int, list[bytes]],
    clips: Clips,
    tmp_path: Path,
) -> None:
    port, heard = listener
    # Real media lie where the playlist points: if it were followed, it would open.
    (tmp_path / "canary.mp4").write_bytes(clips["cfr"].read_bytes())
    (tmp_path / "canary.ts").write_bytes(clips["transport"].read_bytes())
    path = tmp_path / f"holiday.{suffix}"
    path.write_text(_playlists(port)[kind])
    with pytest.raises(MediaError, match="holiday"):
        probe(path)
    assert heard == []


@pytest.mark.parametrize(
    "prefix", ["concat:", "subfile,,start,0,end,0,,:", "http://", "-"]
)
def test_a_path_is_a_path_however_it_begins(
    prefix: str, clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("http:").mkdir()
    named = Path(f"{prefix}clip.mp4")
    named.write_bytes(clips["cfr"].read_bytes())
    assert probe(named).kind == "video"


def test_a_name_with_a_pattern_is_one_file(tmp_path: Path) -> None:
    for name in ("shot%03d.jpg", "shot001.jpg", "shot*.jpg"):
        size = (32, 16) if "%" in name else (64, 64)
        Image.new("RGB", size).save(tmp_path / name)
    assert probe(tmp_path / "shot%03d.jpg").video[0].display_size == (32, 16)
    assert probe(tmp_path / "shot*.jpg").video[0].display_size == (64, 64)


def _png_header(width: int, height: int) -> bytes:
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    idat = b"IDAT" + zlib.compress(b"\0" * 100)
    chunks = b"".join(
        struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        for body in (ihdr, idat, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("name", ["bomb.png", "bomb.mp4"])
def test_a_bomb_of_pixels_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(_png_header(100_000, 100_000))
    with pytest.raises(MediaError, match="bomb"):
        probe(path)


def test_a_bomb_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png_header(100_000, 100_000))
    with pytest.raises(UnsafeMediaError, match="pixels"):
        probe(path)


def test_folders_pipes_and_missing_files_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(MediaError, match="is a pipe, not a file"):
        probe(tmp_path / "pipe.mp4")
    with pytest.raises(MediaError, match="is a folder"):
        probe(tmp_path)
    with pytest.raises(MediaError, match=r"gone\.mp4 cannot be opened"):
        probe(tmp_path / "gone.mp4")
