"""An upload whose process is killed goes on in the next one."""

from pathlib import Path

from attacks.uploads import killed
from publishing_scene import PART_BYTES
from stand_ins.vimeo import VimeoStandIn
from stand_ins.youtube import YouTubeStandIn

KILLS = 3


def long_film(bunny: Path, folder: Path) -> Path:
    """Two megabytes: an empty box after the film is none of it."""
    film = folder / "film.mp4"
    film.write_bytes(bunny.read_bytes() + b"\0\0\0\x08free" * 120_000)
    return film


def test_youtube_gets_every_byte_and_none_twice_beyond_a_part(
    bunny: Path, tmp_path: Path
) -> None:
    film = long_film(bunny, tmp_path)
    with YouTubeStandIn() as youtube:

        def arrived() -> int:
            return sum(one.received for one in list(youtube.sessions.values()))

        made = killed(
            youtube, "youtube", film, tmp_path, arrived=arrived, kills=KILLS, seed=4
        )
        assert made.kills == KILLS
        assert youtube.videos == {made.name: film.read_bytes()}
        assert arrived() - film.stat().st_size <= KILLS * PART_BYTES
        assert len(youtube.sessions) == 1


def test_vimeo_gets_every_byte_once(bunny: Path, tmp_path: Path) -> None:
    film = long_film(bunny, tmp_path)
    with VimeoStandIn() as vimeo:
        made = killed(
            vimeo,
            "vimeo",
            film,
            tmp_path,
            arrived=lambda: vimeo.received,
            kills=KILLS,
            seed=5,
        )
        assert made.kills == KILLS
        assert bytes(vimeo.films[made.name]) == film.read_bytes()
        assert vimeo.received == film.stat().st_size
        assert len(vimeo.films) == 1
