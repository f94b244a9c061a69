"""An upload whose process is killed goes on in the next one."""

from pathlib import Path

from attacks.uploads import killed
from stand_ins.vimeo import VimeoStandIn
from stand_ins.youtube import YouTubeStandIn

KILLS = 3


def long_film(bunny: Path, folder: Path) -> Path:
    """Eight megabytes: empty boxes after the film are none of it."""
    film = folder / "film.mp4"
    film.write_bytes(bunny.read_bytes() + b"\0\0\0\x08free" * 900_000)
    return film


def test_youtube_gets_every_byte_and_none_twice_beyond_a_unit(
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
        # Google keeps whole units of 262,144 bytes of a part that broke off.
        assert 0 <= arrived() - film.stat().st_size < KILLS * 262_144
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
