"""Packs: an edit that travels with the stretches of media that it uses."""

import errno
import hashlib
import io
import json
import os
import shutil
import stat
import struct
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media_factory import Clips, read_number
from typer.testing import CliRunner

import timeline_nb as tl
from timeline_nb.cli.app import app
from timeline_nb.core.origins import Origin
from timeline_nb.proof.stretches import used_stretches
from timeline_nb.recognition.exchange.files import BESIDE
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio

CUBE = "LUT_3D_SIZE 2\n" + "".join(
    f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 0.9)
)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    home = tmp_path / "home"
    # Without journals, which are written in the background while folders are listed.
    settings = Settings(
        cache_dir=home / "cache",
        data_dir=home / "data",
        roots=[tmp_path],
        autosave=False,
    )
    with open_studio(settings) as made:
        yield made


def film(folder: Path, name: str = "street.mp4", *more: str, seconds: int = 12) -> Path:
    """Make a film with a keyframe each second, and a tone of each second."""
    sources = (f"testsrc2=s=160x90:d={seconds}:r=25", f"sine=d={seconds}:r=48000:b=4")
    inputs = [part for one in sources for part in ("-f", "lavfi", "-i", one)]
    plain = ["-pix_fmt", "yuv420p", "-g", "25", *more, name]
    subprocess.run(["ffmpeg", "-v", "error", *inputs, *plain], cwd=folder, check=True)
    return folder / name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    film(made)
    (made / "warm.cube").write_text(CUBE)
    (made / "lines.srt").write_text("1\n00:00:00,000 --> 00:00:00,800\nHello\n")
    fonts = Path(tl.__file__).parent / "effects" / "titles" / "faces"
    shutil.copy(fonts / "DejaVuSans.ttf", made / "own.ttf")
    return made


@pytest.fixture
def cut(folder: Path, studio: Studio) -> tl.Edit:
    """An edit of two stretches, with all kinds of files."""
    source = tl.open(folder / "street.mp4", studio=studio)
    edit = tl.Edit("street", rate=25, size=(160, 90), studio=studio)
    edit.append([source.clip("3.2s", "3.8s"), source.clip("8s", "8.6s")])
    edit.effects.add(edit.clips[0], "lut", path=str(folder / "warm.cube"))
    edit.speed(edit.clips[1], 2)
    edit.titles.add("T", start=0, end="0.4s", font=str(folder / "own.ttf"))
    edit.subtitles.read(folder / "lines.srt")
    return edit


def shown(edit: tl.Edit) -> list[str]:
    """Return a hash of each frame of an edit."""
    return [hashlib.sha256(frame.tobytes()).hexdigest() for frame in edit.frames()]


def test_frames_and_films_of_what_was_unpacked_are_the_very_same(
    cut: tl.Edit, folder: Path, studio: Studio, tmp_path: Path
) -> None:
    made = cut.pack(folder / "street.zip", handles="0.5s")
    media = next(one for one in made.content.files if one.what == "media")
    assert not media.is_whole
    assert media.bytes < (folder / "street.mp4").stat().st_size * 2 / 3
    first = cut.render(folder / "a.mp4", profile="reproducible").wait()
    frames = shown(cut)
    folder.rename(tmp_path / "gone")
    again = tl.unpack(tmp_path / "gone" / "street.zip", tmp_path / "new", studio=studio)
    assert not again.offline
    assert shown(again) == frames
    # Where nothing is known of the first film.
    home = tmp_path / "other"
    with open_studio(Settings(cache_dir=home, data_dir=home, roots=[tmp_path])) as own:
        loaded = tl.load(tmp_path / "new" / "street.tlp", studio=own)
        second = loaded.render(tmp_path / "b.mp4", profile="reproducible").wait()
    old = (tmp_path / "gone" / first.path.name).read_bytes()
    assert second.path.read_bytes() == old


def test_it_carries_all_that_the_edit_uses(cut: tl.Edit, folder: Path) -> None:
    made = cut.pack(folder / "street.zip")
    found = {(one.what, one.of) for one in made.content.files}
    assert found == {
        ("media", "street.mp4"),
        ("file", "warm.cube"),
        ("file", "own.ttf"),
        ("source", "lines.srt"),
        ("project", "street.tlp"),
    }
    with zipfile.ZipFile(folder / "street.zip") as archive:
        assert archive.testzip() is None
        text = archive.read("street.tlp").decode()
    assert str(folder) not in text


def test_guides_and_bins_travel_with_the_media_that_were_shortened(
    folder: Path, studio: Studio
) -> None:
    source = tl.open(folder / "street.mp4", studio=studio)
    cut = tl.Edit("brief", rate=25, size=(160, 90), studio=studio)
    cut.append(source.clip("4s", "5s"))
    kept = {"guides": {"x": [10.0]}, "bins": {"Streets": [source.info.fingerprint]}}
    cut.session.keep(lambda _: kept)
    cut.pack(folder / "brief.zip")
    again = tl.unpack(folder / "brief.zip", folder / "brief", studio=studio)
    media = again.clips[0].media
    assert media.fingerprint != source.info.fingerprint
    assert again.session.editor_state == {
        "guides": {"x": [10.0]},
        "bins": {"Streets": [media.fingerprint]},
    }


def test_what_a_transition_shows_is_kept(folder: Path, studio: Studio) -> None:
    source = tl.open(folder / "street.mp4", studio=studio)
    edit = tl.Edit("street", rate=25, size=(160, 90), studio=studio)
    edit.append([source.clip("2s", "4s"), source.clip("8s", "10s")])
    edit.dissolve(after=0, duration="2s")
    # A second on both sides of the cut, and a fifth of a second around it.
    (kept,) = used_stretches(edit.timeline, Fraction(0)).values()
    fifth = Fraction(1, 5)
    assert kept == [(2 - fifth, 5 + fifth), (7 - fifth, 10 + fifth)]


def test_what_lies_beside_a_table_travels_along(cut: tl.Edit, folder: Path) -> None:
    table = folder / "boxes.csv"
    table.write_text("label\n")
    Path(f"{table}{BESIDE}").write_text("{}")
    cut.session.note_origin(
        Origin(what="detections", name="boxes.csv", path=str(table), sha256="")
    )
    made = cut.pack(folder / "street.zip")
    sources = [one.of for one in made.content.files if one.what == "source"]
    assert sources == ["lines.srt", "boxes.csv", f"boxes.csv{BESIDE}"]


def test_nested_edits_cameras_and_fonts_travel(
    cut: tl.Edit, folder: Path, studio: Studio, tmp_path: Path
) -> None:
    inner = tl.Edit("inner", rate=25, size=(160, 90), studio=studio)
    other = tl.open(film(folder, "other.mp4", "-vf", "hflip"), studio=studio)
    inner.append(other.clip("2s", "2.4s"))
    inner.effects.add(inner.clips[0], "lut", path=str(folder / "warm.cube"))
    cut.nest(inner, at="0.1s")
    street = tl.open(folder / "street.mp4", studio=studio)
    cameras = tl.sync_cameras({"A": street, "B": other}, offsets={"B": 0})
    cameras.switch(cut, [(5, "A"), ("5.2s", "B")], end="5.4s")
    cut.titles.add("Serif", start="0.4s", end="0.6s", font="DejaVu Serif")
    before, zone = os.umask(0o077), os.environ.get("TZ")
    try:
        data = cut.pack(folder / "one.zip").path.read_bytes()
        os.umask(0o022)
        os.environ["TZ"] = "Asia/Kathmandu"
        time.tzset()
        assert cut.pack(folder / "two.zip").path.read_bytes() == data
    finally:
        os.umask(before)
        os.environ.pop("TZ")
        if zone is not None:
            os.environ["TZ"] = zone
        time.tzset()
    frames = shown(cut)
    folder.rename(tmp_path / "gone")
    zipped = tmp_path / "gone" / "one.zip"
    again = tl.unpack(zipped, tmp_path / "new place", studio=studio)
    assert not again.offline
    assert shown(again) == frames


def test_two_packs_are_equal_to_the_byte(
    cut: tl.Edit, folder: Path, tmp_path: Path
) -> None:
    one = cut.pack(folder / "one.zip").path.read_bytes()
    home = tmp_path / "other"
    with open_studio(Settings(cache_dir=home, data_dir=home, roots=[tmp_path])) as own:
        again = tl.Edit(timeline=cut.timeline, studio=own)
        for origin in cut.session.origins:
            again.session.note_origin(origin)
        assert again.pack(tmp_path / "two.zip").path.read_bytes() == one


def test_a_pack_of_an_unpacked_pack_holds_the_same_media(
    cut: tl.Edit, folder: Path, studio: Studio, tmp_path: Path
) -> None:
    cut.pack(folder / "one.zip")
    again = tl.unpack(folder / "one.zip", tmp_path / "new", studio=studio)
    assert shown(again) == shown(cut)
    made = again.pack(tmp_path / "two.zip", whole=True)
    old = zipfile.ZipFile(folder / "one.zip").read("media/1/street.mp4")
    assert zipfile.ZipFile(made.path).read("media/1/street.mp4") == old


KINDS: dict[str, tuple[str, ...]] = {
    "long gops.mp4": ("-x264-params", "open-gop=1:bframes=3"),
    "ntsc.mp4": ("-r", "30000/1001"),
    "intra.mov": ("-c:v", "mjpeg", "-pix_fmt", "yuvj420p"),
    "vp9.mkv": ("-c:v", "libvpx-vp9", "-speed", "8", "-c:a", "libopus"),
    "hevc.mkv": ("-c:v", "libx265", "-x265-params", "log-level=none", "-c:a", "flac"),
    "pcm.mov": ("-c:v", "prores_ks", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s16le"),
    "old.avi": ("-c:v", "mpeg4", "-c:a", "mp3"),
    "stream.ts": (),
    "vfr.mp4": ("-vf", "setpts=PTS+0.02*random(1)/TB", "-fps_mode", "vfr"),
}


@pytest.mark.parametrize("name", ["street.mp4", "street.mkv"])
def test_films_of_usual_kinds_are_shortened(
    name: str, tmp_path: Path, studio: Studio
) -> None:
    source = tl.open(film(tmp_path, name), studio=studio)
    edit = tl.Edit("a", rate=25, size=(160, 90), studio=studio)
    edit.append(source.clip("9.1s", "9.5s"))
    made = edit.pack(tmp_path / "a.zip", handles="0s").content.files[0]
    assert not made.is_whole
    # Three of twelve seconds, and sound that may be whole.
    assert made.bytes < (tmp_path / name).stat().st_size / 2
    again = tl.unpack(tmp_path / "a.zip", tmp_path / "new", studio=studio)
    assert shown(again) == shown(edit)


@pytest.mark.parametrize("name", [*KINDS][:3])
def test_frames_and_sound_of_each_kind_of_film(
    name: str, tmp_path: Path, studio: Studio
) -> None:
    _same_after_packing(name, tmp_path, studio)


@pytest.mark.whole
@pytest.mark.parametrize("name", [*KINDS][3:])
def test_frames_and_sound_of_every_kind_of_film(
    name: str, tmp_path: Path, studio: Studio
) -> None:
    _same_after_packing(name, tmp_path, studio)


def _same_after_packing(name: str, tmp_path: Path, studio: Studio) -> None:
    source = tl.open(film(tmp_path, name, *KINDS[name]), studio=studio)
    edit = tl.Edit("a", rate=source.rate, size=(160, 90), studio=studio)
    edit.append([source.clip("0s", "0.3s"), source.clip("9.1s", "9.5s")])
    made = edit.pack(tmp_path / "a.zip", handles="0s")
    again = tl.unpack(made.path, tmp_path / "new", studio=studio)
    assert shown(again) == shown(edit)
    lossless = tl.Profile(video="ffv1", audio="flac")
    films = [
        one.render(tmp_path / f"{number}.mkv", profile=lossless).wait().path
        for number, one in enumerate((edit, again))
    ]
    assert films[0].read_bytes() == films[1].read_bytes()


def test_a_redaction_still_hides_its_boxes(
    folder: Path, studio: Studio, tmp_path: Path
) -> None:
    source = tl.open(folder / "street.mp4", studio=studio)
    table = source.detect(every=200, score=0.9).to_dataframe()
    rows = {
        "frame": [200, 205],
        "pts": [int(source.index.pts[n]) for n in (200, 205)],
        "end_pts": [int(source.index.pts[n]) for n in (205, 210)],
        "label": ["car"] * 2,
        "score": [1.0] * 2,
        "x1": [10.0] * 2,
        "y1": [10.0] * 2,
        "x2": [90.0] * 2,
        "y2": [60.0] * 2,
    }
    import pandas as pd

    found = pd.DataFrame(rows)
    found.attrs.update(table.attrs)
    found.attrs["timeline_nb_run"] = {
        **table.attrs["timeline_nb_run"],
        "from_pts": int(source.index.pts[190]),
        "to_pts": int(source.index.pts[220]),
    }
    edit = tl.Edit("a", rate=25, size=(160, 90), studio=studio)
    edit.append(source.clip("8s", "8.4s"))
    plain = edit.frame(number=2)
    edit.redact(found, how="fill")
    hidden = edit.frame(number=2)
    assert not np.array_equal(plain, hidden)
    made = edit.pack(folder / "a.zip", handles="0.2s")
    again = tl.unpack(made.path, tmp_path / "new", studio=studio)
    assert np.array_equal(again.frame(number=2), hidden)


def test_a_sequence_travels_with_its_files(
    tmp_path: Path, studio: Studio, clips: Clips
) -> None:
    shots = tmp_path / "shots"
    shots.mkdir()
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", clips["cfr"], "-vframes", "6", "shot_%04d.png"],
        cwd=shots,
        check=True,
    )
    source = tl.open(str(shots / "shot_%04d.png"), rate=25, studio=studio)
    edit = tl.Edit("a", rate=25, size=(192, 112), studio=studio)
    edit.append(source.clip())
    made = edit.pack(tmp_path / "a.zip")
    again = tl.unpack(made.path, tmp_path / "new", studio=studio)
    assert [read_number(frame) for frame in again.frames()] == list(range(6))
    reference = again.clips[0].media
    assert tl.open(reference.path, studio=studio).info.fingerprint == (
        reference.fingerprint
    )


def test_handles_can_be_used_and_what_is_not_there_is_not(
    cut: tl.Edit, folder: Path, studio: Studio, tmp_path: Path
) -> None:
    cut.pack(folder / "street.zip", handles="1s")
    again = tl.unpack(folder / "street.zip", tmp_path / "new", studio=studio)
    span = again.clips[0].media.available_range
    assert span is not None
    # A second before 3.2 s, and the keyframe before that.
    assert span.start <= Fraction("2.2")
    assert span.end < 12


def test_what_cannot_be_packed_is_refused_by_name(cut: tl.Edit, folder: Path) -> None:
    (folder / "mine.zip").write_bytes(b"mine")
    with pytest.raises(tl.ProjectError, match=r"mine\.zip is there already"):
        cut.pack(folder / "mine.zip")
    with pytest.raises(tl.ProjectError, match=r"film\.zip"):
        cut.pack(folder / "film.tar")
    (folder / "street.mp4").unlink()
    with pytest.raises(tl.ProjectError, match=r"street\.mp4"):
        cut.pack(folder / "street.zip")
    assert not (folder / "street.zip").exists()


def test_nothing_is_overwritten(
    cut: tl.Edit, folder: Path, studio: Studio, tmp_path: Path
) -> None:
    cut.pack(folder / "street.zip")
    target = tmp_path / "there"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with pytest.raises(tl.ProjectError, match="is not empty"):
        tl.unpack(folder / "street.zip", target, studio=studio)
    assert [path.name for path in target.iterdir()] == ["mine.txt"]
    (target / "mine.txt").unlink()
    assert tl.unpack(folder / "street.zip", target, studio=studio).clips


@pytest.fixture
def small(tmp_path: Path, studio: Studio) -> Path:
    """A pack of a title alone."""
    edit = tl.Edit("a", rate=25, size=(160, 90), studio=studio)
    edit.titles.add("a", start=0, end="0.2s")
    return edit.pack(tmp_path / "small.zip").path


def _with(pack: Path, name: str, data: bytes = b"x", mode: int = 0) -> None:
    """Add a file to a pack, and list it."""
    files = {
        i.filename: zipfile.ZipFile(pack).read(i)
        for i in zipfile.ZipFile(pack).infolist()
    }
    whole = json.loads(files.pop("pack.json"))
    one = {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    whole["files"].append({**one, "what": "media", "of": "x"})
    with zipfile.ZipFile(pack, "w") as archive:
        for own, content in files.items():
            archive.writestr(own, content)
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        archive.writestr(entry, data)
        archive.writestr("pack.json", json.dumps(whole))


def test_a_full_disk_is_not_the_fault_of_the_pack(
    small: Path, studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Path.open

    def full(path: Path, mode: str = "r", *args: Any, **named: Any) -> Any:
        if mode == "xb":
            raise OSError(errno.ENOSPC, "No space left on device")
        return own(path, mode, *args, **named)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(tl.ProjectError, match=r"new cannot be written: the disk is"):
        tl.unpack(small, tmp_path / "new", studio=studio)
    assert [one.name for one in tmp_path.iterdir() if "new" in one.name] == []


ZIP_SLIPS = (
    "../out.mp4",
    "/out/out.mp4",
    "media/../../out.mp4",
    "C:/out.mp4",
    "a\\..\\b.mp4",
    "media/./a.mp4",
    "media//a.mp4",
    "nul",
    "media/con.mp4",
    "trailing./a.mp4",
    "A.TLP",
    "a.tlp/below.mp4",
    "x" * 300,
)


@pytest.mark.parametrize("name", ZIP_SLIPS)
def test_a_name_that_leads_elsewhere_is_refused(
    small: Path, studio: Studio, tmp_path: Path, name: str
) -> None:
    _with(small, name)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(tl.ProjectError, match=r"small\.zip: "):
        tl.unpack(small, tmp_path / "new", studio=studio)
    assert sorted(tmp_path.rglob("*")) == before


def _edited(pack: Path, change: Callable[[bytes], bytes]) -> None:
    pack.write_bytes(change(pack.read_bytes()))


def _overlapping(data: bytes) -> bytes:
    """Have every entry of the directory say that it is as long as the file."""
    start = struct.unpack("<I", data[data.rindex(b"PK\5\6") + 16 :][:4])[0]
    made = bytearray(data)
    place = start
    while made[place : place + 4] == b"PK\1\2":
        made[place + 20 : place + 28] = struct.pack("<II", len(data), len(data))
        name, extra, comment = struct.unpack("<HHH", made[place + 28 : place + 34])
        place += 46 + name + extra + comment
    return bytes(made)


def _bomb(_: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.tlp", bytes(30_000_000))
        archive.writestr("pack.json", "{}")
    return out.getvalue()


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "binary": lambda _: bytes(range(256)) * 100,
    "cut off": lambda data: data[: len(data) // 2],
    "cut at its end": lambda data: data[:-30],
    "flipped": lambda data: data.replace(b'"kind"', b'"kinD"', 1),
    "overlapping": _overlapping,
    "bomb": _bomb,
    "no end": lambda _: b"PK\5\6",
    "huge directory": lambda _: b"PK\5\6" + b"\xff" * 18,
    "other manifest": lambda data: data.replace(
        b"timeline_nb.pack", b"timeline_nb.pock"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pack_is_refused_and_leaves_nothing(
    small: Path, studio: Studio, tmp_path: Path, name: str
) -> None:
    _edited(small, HOSTILE[name])
    before = sorted(tmp_path.rglob("*"))
    # Known by what the directory says, before anything is unpacked.
    why = ".* is a bomb" if name in {"overlapping", "bomb"} else ""
    with pytest.raises(tl.ProjectError, match=rf"small\.zip{why}"):
        tl.unpack(small, tmp_path / "new", studio=studio)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_is_refused(small: Path, studio: Studio, tmp_path: Path) -> None:
    _with(small, "media/link", b"/etc/passwd", stat.S_IFLNK | 0o777)
    with pytest.raises(tl.ProjectError, match="is a link"):
        tl.unpack(small, tmp_path / "new", studio=studio)


def test_what_is_not_listed_is_refused(
    small: Path, studio: Studio, tmp_path: Path
) -> None:
    with zipfile.ZipFile(small, "a") as archive:
        archive.writestr("more.txt", "x")
    with pytest.raises(tl.ProjectError, match=r"more\.txt"):
        tl.unpack(small, tmp_path / "new", studio=studio)


def test_the_command_line_packs_and_unpacks(
    cut: tl.Edit, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_ROOTS", str(tmp_path))
    cut.save(folder / "street.tlp")
    run, pack = CliRunner(), str(folder / "out.zip")
    made = run.invoke(app, ["pack", str(folder / "street.tlp"), "-o", pack, "--json"])
    assert made.exit_code == 0, made.output
    files = json.loads(made.stdout)["files"]
    assert [one["name"] for one in files if one["what"] == "media"] == ["street.mp4"]
    done = run.invoke(app, ["unpack", pack, str(tmp_path / "cli")])
    assert done.exit_code == 0, done.output
    assert Path(done.stdout.strip()) == tmp_path / "cli" / "street.tlp"
