"""A film has the same bytes wherever, whenever, by whom and by how many it is made."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from msgspec.structs import replace

import timeline_nb as tl
from timeline_nb.render.encoders import ENCODERS

# What each run is told: the folder's name, workers, `threads` or `processes`, and what
# of the environment is another one.
_SCRIPT = """
import hashlib, json, os, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
import timeline_nb as tl

def digest(name):
    with open(name, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()

def main():
    workers, kind = int(sys.argv[1]), sys.argv[2]
    source = tl.open("media/street.mp4")
    cut = tl.Edit("street", rate=25, size=(160, 90))
    cut.append([source.clip("0s", "1s"), source.clip("1s", "2.4s")])
    cut.effects.add(cut.clips[0], "vignette")
    cut.effects.add(cut.clips[1], "grain")
    cut.titles.add("Straße", start=0, end="1s")
    cut.subtitles.read("media/lines.srt")
    cut.markers.add("0.4s", name="begin")
    cut.save("street.tlp")
    pool = None
    if kind == "processes":
        pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    made = {}
    for name, profile in (("a.mp4", "reproducible"), ("b.mkv", "reproducible")):
        cut.render(
            name, profile=profile, workers=workers, executor=pool, lock=True
        ).wait()
        made[name] = digest(name)
        made[name + ".lock"] = digest(name + ".lock")
    made["street.tlp"] = digest("street.tlp")
    if pool is not None:
        pool.shutdown()
    print(json.dumps(made))

if __name__ == "__main__":
    main()
"""
_NOBODY = 65_534
_LINES = "1\n00:00:00,200 --> 00:00:01,500\nOne line\n"


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a script, a film of three seconds, and lines."""
    folder = tmp_path_factory.mktemp("material")
    media = folder / "media"
    media.mkdir()
    sources = ("testsrc2=s=160x90:d=3:r=25", "sine=d=3:r=48000")
    inputs = [part for one in sources for part in ("-f", "lavfi", "-i", one)]
    subprocess.run(
        ["ffmpeg", "-v", "error", *inputs, "-pix_fmt", "yuv420p", "street.mp4"],
        cwd=media,
        check=True,
    )
    (media / "lines.srt").write_text(_LINES)
    (folder / "cut.py").write_text(_SCRIPT)
    return folder


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory(prefix="bytes_") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _made(
    material: Path,
    folder: Path,
    *,
    workers: int = 1,
    kind: str = "threads",
    seed: str = "0",
    user: int | None = None,
    prefix: tuple[str, ...] = (),
    **environment: str,
) -> dict[str, str]:
    """Render in a copy of the material, in a process of its own."""
    shutil.copytree(material, folder)
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, user)
    home = folder / "home"
    known = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "PYTHONHASHSEED": seed,
        "HOME": str(home),
        "TIMELINE_NB_CACHE_DIR": str(home / "cache"),
        "TIMELINE_NB_DATA_DIR": str(home / "data"),
        **environment,
    }
    done = subprocess.run(
        [*prefix, sys.executable, "cut.py", str(workers), kind],
        cwd=folder,
        env=known,
        user=user,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_another_folder_zone_language_and_seed_give_the_same_bytes(
    material: Path, tmp_path: Path
) -> None:
    one = _made(material, tmp_path / "one")
    other = _made(
        material,
        tmp_path / "a longer name" / "zwei",
        workers=2,
        kind="processes",
        seed="4242",
        TZ="Pacific/Kiritimati",
        LC_ALL="C",
        LANG="de_DE.UTF-8",
    )
    assert other == one


@pytest.mark.whole
def test_every_way_gives_the_same_bytes(material: Path, tmp_path: Path) -> None:
    ways = product((1, 2), ("threads", "processes"), ("0", "77"))
    zones = ("UTC", "Asia/Kathmandu", "America/St_Johns")
    first: dict[str, str] = {}
    for number, (workers, kind, seed) in enumerate(ways):
        place = tmp_path / ("deep/" * number) / f"way {number}"
        found = _made(
            material,
            place,
            workers=workers,
            kind=kind,
            seed=seed,
            TZ=zones[number % 3],
            LC_ALL="C.UTF-8" if number % 2 else "POSIX",
        )
        first = first or found
        assert found == first, f"{workers} {kind}, seed {seed}"


def _may_enter(user: int) -> bool:
    """Tell whether another user can start this Python and read the package."""
    for place in (sys.executable, os.path.realpath(sys.executable), tl.__file__):
        for folder in Path(place).parents:
            if not folder.stat().st_mode & stat.S_IXOTH:
                return False
    return user > 0


@pytest.mark.whole
@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="root changes users")
def test_another_user_gives_the_same_bytes(material: Path, elsewhere: Path) -> None:
    one = _made(material, elsewhere / "one")
    if _may_enter(_NOBODY):
        other = _made(material, elsewhere / "other", user=_NOBODY)
    elif shutil.which("unshare"):
        # This Python is in a folder of root's: another user's number, then, at least.
        mapped = ("unshare", "-U", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")
        other = _made(material, elsewhere / "other", prefix=mapped, USER="other")
    else:
        pytest.skip("another user cannot start this Python")
    assert other == one


def test_hardware_is_refused_by_name() -> None:
    with pytest.raises(tl.RenderError, match="hardware='auto'"):
        replace(tl.profile("reproducible"), hardware="auto")
    with pytest.raises(tl.RenderError, match="hardware='only'"):
        tl.Profile(reproducible=True, hardware="only")


@pytest.mark.parametrize(
    "encoder",
    [one.name for kinds in ENCODERS.values() for one in kinds if one.is_hardware],
)
def test_an_encoder_of_a_gpu_is_refused_by_name(encoder: str, tmp_path: Path) -> None:
    codec = next(
        codec for codec, kinds in ENCODERS.items() if encoder in {k.name for k in kinds}
    )
    profile = tl.Profile(reproducible=True, video=codec, encoder=encoder)  # type: ignore[arg-type]
    cut = tl.Edit("a", size=(160, 90))
    cut.titles.add("a", start=0, end="0.2s")
    with pytest.raises(tl.RenderError, match=encoder):
        cut.render(tmp_path / "a.mp4", profile=profile)


def test_dates_are_refused_and_none_is_written(tmp_path: Path) -> None:
    with pytest.raises(tl.RenderError, match="creation_time"):
        tl.Profile(reproducible=True, tags={"creation_time": "now"})
    cut = tl.Edit("a", size=(160, 90))
    cut.titles.add("a", start=0, end="0.2s")
    for name in ("a.mp4", "a.mkv", "a.mov"):
        path = tmp_path / name
        cut.render(path, profile="reproducible").wait()
        command = ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags"]
        tags = subprocess.run(
            [*command, str(path)], check=True, capture_output=True, text=True
        ).stdout.lower()
        assert "duration" in tags or "encoder" in tags
        assert "time" not in tags.replace("timecode", "")
        assert "date" not in tags
