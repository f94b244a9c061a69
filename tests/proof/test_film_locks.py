"""Locks: what a film was made of, and what differs when one byte of it does."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

import timeline_nb as tl
from timeline_nb.cli.app import app
from timeline_nb.proof import environment, verify
from timeline_nb.proof.comparison import Comparison
from timeline_nb.proof.inputs import find_inputs
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio

CUBE = "LUT_3D_SIZE 2\n" + "".join(
    f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1)
)
SRT = "1\n00:00:00,000 --> 00:00:00,800\nHello\n"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    home = tmp_path / "home"
    with open_studio(
        Settings(cache_dir=home / "cache", data_dir=home / "data", roots=[tmp_path])
    ) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a film of a second, colors, lines and a font."""
    made = tmp_path / "work"
    made.mkdir()
    sources = ("testsrc=s=160x90:d=1:r=25", "sine=d=1:r=48000")
    inputs = [part for one in sources for part in ("-f", "lavfi", "-i", one)]
    subprocess.run(
        ["ffmpeg", "-v", "error", *inputs, "-pix_fmt", "yuv420p", "street.mp4"],
        cwd=made,
        check=True,
    )
    (made / "warm.cube").write_text(CUBE)
    (made / "lines.srt").write_text(SRT)
    fonts = Path(tl.__file__).parent / "effects" / "titles" / "faces"
    (made / "own.ttf").write_bytes((fonts / "DejaVuSans.ttf").read_bytes())
    return made


def tint(frame: NDArray[np.uint8], amount: int = 3) -> NDArray[np.uint8]:
    """Add a little to the first channel."""
    made = frame.copy()
    made[..., 0] = np.minimum(255 - amount, made[..., 0]) + amount
    return made


@pytest.fixture
def cut(folder: Path, studio: Studio) -> tl.Edit:
    """An edit of all that a lock knows."""
    source = tl.open(folder / "street.mp4", studio=studio)
    edit = tl.Edit("street", rate=25, size=(160, 90), studio=studio)
    edit.append(source.clip("0s", "0.6s"))
    edit.effects.add(edit.clips[0], "lut", path=str(folder / "warm.cube"))
    edit.titles.add("T", start=0, end="0.4s", font=str(folder / "own.ttf"))
    edit.subtitles.read(folder / "lines.srt")
    return edit


def locked(edit: tl.Edit, folder: Path, **more: object) -> Path:
    """Render a film with its lock, and return the lock."""
    job = edit.render(folder / "film.mp4", lock=True, **more)  # type: ignore[arg-type]
    made = job.wait().lock
    assert made is not None
    return made


def differing(found: Comparison) -> list[str]:
    return [fact.what for fact in found.differing]


def flip(path: Path, place: int = -1) -> None:
    """Change one bit of one byte of a file, and nothing that a look at it shows."""
    status = path.stat()
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_film_renders_again_to_the_byte_from_its_lock_alone(
    cut: tl.Edit, folder: Path, studio: Studio
) -> None:
    lock = locked(cut, folder)
    (folder / "film.mp4").unlink()
    found = tl.verify(lock, render=True, studio=studio)
    assert found.held, found
    assert found.level == "bytes"


def test_a_lock_holds_what_other_programs_find(cut: tl.Edit, folder: Path) -> None:
    lock = json.loads(locked(cut, folder).read_text())
    film = (folder / "film.mp4").read_bytes()
    assert lock["film"]["sha256"] == sha256(film).hexdigest()
    source = lock["files"][0]
    media = (folder / "street.mp4").read_bytes()
    assert source["path"] == "street.mp4"
    assert (source["sha256"], source["bytes"]) == (
        sha256(media).hexdigest(),
        len(media),
    )
    command = ["ffmpeg", "-v", "error", "-i", "film.mp4", "-map", "0:v"]
    shown = subprocess.run(
        [*command, "-fps_mode", "passthrough", "-f", "hash", "-hash", "sha256", "-"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert f"SHA256={lock['film']['streams'][0]['decoded']}" == shown.strip()


def test_keys_are_sorted_and_each_fact_has_a_line(cut: tl.Edit, folder: Path) -> None:
    text = locked(cut, folder).read_text()
    whole = json.loads(text)
    assert list(whole) == sorted(whole)
    for fact in (*whole["packages"].items(), *whole["profile"].items()):
        assert any(
            json.dumps({fact[0]: fact[1]})[1:-1] in line for line in text.split("\n")
        )
    assert str(folder) not in text


def test_two_locks_of_two_runs_are_equal(
    cut: tl.Edit, folder: Path, tmp_path: Path
) -> None:
    first = locked(cut, folder).read_bytes()
    home = tmp_path / "other"
    with open_studio(
        Settings(cache_dir=home, data_dir=home, roots=[tmp_path])
    ) as studio:
        again = tl.Edit(timeline=cut.timeline, studio=studio)
        for origin in cut.session.origins:
            again.session.note_origin(origin)
        assert locked(again, folder, overwrite=True).read_bytes() == first


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("street.mp4", "media 'street.mp4'"),
        ("warm.cube", "file of an effect 'warm.cube'"),
        ("own.ttf", "font 'own.ttf'"),
        ("lines.srt", "subtitle file 'lines.srt'"),
        ("film.mp4", "film"),
    ],
)
def test_one_changed_bit_of_a_file_is_named(
    cut: tl.Edit, folder: Path, studio: Studio, name: str, what: str
) -> None:
    lock = locked(cut, folder)
    flip(folder / name)
    found = tl.verify(lock, studio=studio)
    assert not found.held
    assert differing(found) == [what]
    assert found.first is not None
    assert not found.first.is_missing


def test_a_file_that_is_gone_is_missing(
    cut: tl.Edit, folder: Path, studio: Studio
) -> None:
    lock = locked(cut, folder)
    (folder / "street.mp4").unlink()
    found = tl.verify(lock, studio=studio, render=True)
    assert [fact.what for fact in found.missing] == ["media 'street.mp4'"]
    assert found.level == ""
    assert "street.mp4" in found.detail


def test_a_film_that_is_gone_is_not_held(
    cut: tl.Edit, folder: Path, studio: Studio
) -> None:
    lock = locked(cut, folder)
    (folder / "film.mp4").write_bytes(b"no film")
    found = tl.verify(lock, studio=studio)
    assert (found.held, differing(found)[0], found.missing) == (False, "film", ())
    (folder / "film.mp4").unlink()
    found = tl.verify(lock, studio=studio)
    assert not found.held
    assert [fact.what for fact in found.missing] == ["film"]
    assert repr(found).startswith("film.mp4.lock: not held; film is missing\n")
    command = [sys.executable, "-m", "timeline_nb.cli", "verify", str(lock)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, "film is missing" in done.stdout) == (3, True), done


def test_files_that_moved_with_their_lock_are_found(
    cut: tl.Edit, folder: Path, studio: Studio, tmp_path: Path
) -> None:
    lock = locked(cut, folder)
    moved = folder.rename(tmp_path / "elsewhere")
    assert tl.verify(moved / lock.name, studio=studio, render=True).level == "bytes"


def test_the_plan_says_where_a_difference_shows(folder: Path, studio: Studio) -> None:
    source = tl.open(folder / "street.mp4", studio=studio)
    edit = tl.Edit("street", rate=25, size=(160, 90), studio=studio)
    edit.append([source.clip("0s", "0.4s"), source.clip("0s", "0.4s")])
    edit.effects.add(edit.clips[1], "lut", path=str(folder / "warm.cube"))
    lock = locked(edit, folder)
    plan = json.loads(lock.read_text())["plan"]
    assert [(one["first"], one["last"]) for one in plan] == [(0, 10), (10, 20)]
    lines = [line for line in lock.read_text().splitlines() if '"first": 10' in line]
    assert len(lines) == 1
    rows = {fact.what: fact for fact in tl.verify(lock, studio=studio)}
    assert (rows["plan"].held, rows["plan"].now) == (True, "2 segments")
    (folder / "warm.cube").write_text(CUBE.replace("1 1 1", "1 1 0.5"))
    found = tl.verify(lock, studio=studio)
    rows = {fact.what: fact for fact in found}
    assert differing(found) == ["file of an effect 'warm.cube'"]
    where = "other ones from 00:00:00:10 to 00:00:00:20"
    assert (rows["plan"].held, rows["plan"].now) == (None, f"2 segments, {where}")
    assert repr(found).endswith(f"  plan: 2 segments -> 2 segments, {where}")
    (folder / "street.mp4").unlink()
    rows = {fact.what: fact for fact in tl.verify(lock, studio=studio)}
    assert rows["plan"].now == "not known without all media"


def test_the_code_of_an_effect_is_named(folder: Path, studio: Studio) -> None:
    tl.effect()(tint)
    edit = tl.Edit("own", rate=25, size=(160, 90), studio=studio)
    edit.append(tl.open(folder / "street.mp4", studio=studio).clip("0s", "0.2s"))
    edit.effects.add(edit.clips[0], "tint")
    lock = locked(edit, folder)
    assert tl.verify(lock, studio=studio).held

    def other(frame: NDArray[np.uint8], amount: int = 4) -> NDArray[np.uint8]:
        return tint(frame, amount)

    other.__name__ = "tint"
    tl.effect()(other)
    try:
        found = tl.verify(lock, studio=studio, render=True)
        assert differing(found)[0] == "code of the effect 'tint'"
        assert not found.held
        assert found.level == "similar"
    finally:
        tl.effect()(tint)


def test_a_film_that_shows_something_else_is_not_held(
    folder: Path, studio: Studio
) -> None:
    tl.effect()(tint)
    edit = tl.Edit("own", rate=25, size=(160, 90), studio=studio)
    edit.append(tl.open(folder / "street.mp4", studio=studio).clip("0s", "0.2s"))
    edit.effects.add(edit.clips[0], "tint")
    lock = locked(edit, folder)

    def negative(frame: NDArray[np.uint8], amount: int = 3) -> NDArray[np.uint8]:
        return 255 - frame + np.uint8(amount) * 0

    negative.__name__ = "tint"
    tl.effect()(negative)
    try:
        found = tl.verify(lock, studio=studio, render=True)
        assert (found.level, found.held) == ("", False)
        assert "dB in pictures" in found.detail
        assert "less than 40 dB" in found.detail
    finally:
        tl.effect()(tint)


def test_another_edit_is_named(cut: tl.Edit, folder: Path, studio: Studio) -> None:
    cut.save(folder / "street.tlp")
    lock = locked(cut, folder)
    assert tl.verify(lock, studio=studio).held
    cut.titles.add("More", start=0, end="0.2s")
    assert differing(tl.verify(lock, cut, studio=studio)) == ["timeline"]
    cut.save()
    assert differing(tl.verify(lock, studio=studio)) == ["timeline of street.tlp"]
    # What was rendered is in the lock, too.
    assert tl.verify(lock, studio=studio, render=True).level == "bytes"


def test_other_bytes_of_the_same_pictures_are_frames(
    cut: tl.Edit, folder: Path, studio: Studio
) -> None:
    lock = locked(cut, folder)
    # As where another version of the encoder packs the same pictures otherwise.
    whole = json.loads(lock.read_text())
    whole["film"]["sha256"] = "0" * 64
    for stream in whole["film"]["streams"]:
        stream["packets"] = "1" * 64
    lock.write_text(json.dumps(whole))
    found = tl.verify(lock, studio=studio, render=True)
    assert (found.level, found.held) == ("frames", True)
    strict = tl.verify(lock, studio=studio, render=True, level="bytes")
    assert not strict.held


def test_a_film_whose_container_was_written_anew_is_held(
    cut: tl.Edit, folder: Path, studio: Studio
) -> None:
    lock = locked(cut, folder)
    command = ["ffmpeg", "-v", "error", "-i", "film.mp4", "-c", "copy", "anew.mp4"]
    subprocess.run(command, cwd=folder, check=True)
    (folder / "anew.mp4").replace(folder / "film.mp4")
    found = tl.verify(lock, studio=studio)
    assert found.held
    assert "streams are the same" in found[0].now
    assert found[0].now in repr(found)


def test_files_that_were_named_here_are_read_again_by_another_kernel(
    tmp_path: Path, folder: Path
) -> None:
    lines = tmp_path / "outside" / "other.srt"
    lines.parent.mkdir()
    lines.write_text(SRT)
    home = tmp_path / "home"
    settings = Settings(
        cache_dir=home / "cache", data_dir=home / "data", roots=[folder]
    )
    with open_studio(settings) as studio:
        edit = tl.Edit("lines", rate=25, size=(160, 90), studio=studio)
        edit.append(tl.open(folder / "street.mp4", studio=studio).clip("0s", "0.4s"))
        edit.subtitles.read(lines)
        lock = locked(edit, folder)
    with open_studio(settings) as studio:
        assert tl.verify(lock, studio=studio).held
    # A lock of somebody else may name anything.
    lock.write_text(lock.read_text() + "\n")
    with open_studio(settings) as studio:
        (lost,) = tl.verify(lock, studio=studio).missing
        assert lost.what == "subtitle file 'other.srt'"


def test_a_file_that_changes_while_a_film_is_rendered_is_noticed(
    cut: tl.Edit, folder: Path
) -> None:
    found = find_inputs(cut.timeline, (), folder, lambda: None)
    assert found.changed() == ""
    (folder / "warm.cube").write_text(CUBE.replace("1 1 1", "1 1 0"))
    assert found.changed() == str(folder / "warm.cube")
    (folder / "warm.cube").unlink()
    assert found.changed() == str(folder / "warm.cube")


def test_media_that_lie_elsewhere_are_found_by_their_hash(
    cut: tl.Edit, folder: Path, studio: Studio, tmp_path: Path
) -> None:
    lock = locked(cut, folder)
    moved = (folder / "street.mp4").rename(tmp_path / "another name.mp4")
    assert tl.verify(lock, studio=studio).missing
    studio.hashes.hash_of(moved)
    assert tl.verify(lock, studio=studio, render=True).level == "bytes"
    # Also where another file has taken its name.
    shutil.copy(folder / "film.mp4", folder / "street.mp4")
    found = tl.verify(lock, studio=studio)
    assert found.held
    assert f"it is {moved} now, where it was is another file" in repr(found)


def test_media_whose_name_is_no_text_are_proved(folder: Path, studio: Studio) -> None:
    odd = folder / os.fsdecode(b"street\xff.mp4")
    (folder / "street.mp4").rename(odd)
    edit = tl.Edit("odd", rate=25, size=(160, 90), studio=studio)
    edit.append(tl.open(odd, studio=studio).clip("0s", "0.2s"))
    lock = locked(edit, folder)
    assert tl.verify(lock, studio=studio, render=True).level == "bytes"
    made = edit.pack(folder / "odd.zip")
    again = tl.unpack(made.path, folder / "odd", studio=studio)
    assert np.array_equal(again.frame(number=2), edit.frame(number=2))


PROFILES = {
    "floats": tl.Profile(quality=80.0, loudness_lufs=-20, peak_db=-2),
    "words": tl.Profile(channels="5.1", rate="30000/1001"),  # type: ignore[arg-type]
    "tags": tl.Profile(tags={"title": "5.1", "comment": "[1, 2]"}, chapters=False),
    "two passes": tl.Profile(target_bytes=60_000),
    "hdr": tl.Profile(video="h265", color="hlg", size=(160, 90)),
    "copied": tl.Profile(smart=True, subtitles="none"),
}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_read_as_it_was(folder: Path, studio: Studio, name: str) -> None:
    edit = tl.Edit("a", rate=25, size=(160, 90), studio=studio)
    edit.append(tl.open(folder / "street.mp4", studio=studio).clip("0s", "0.4s"))
    lock = locked(edit, folder, profile=PROFILES[name])
    found = tl.verify(lock, studio=studio, render=True)
    assert found.level == "bytes"
    assert not found.differing


def test_films_that_ffmpeg_does_not_read_are_proved_by_their_bytes(
    cut: tl.Edit, folder: Path, studio: Studio
) -> None:
    made = cut.render(folder / "film.webp", lock=True).wait().lock
    assert made is not None
    assert tl.verify(made, studio=studio, render=True).level == "bytes"
    flip(folder / "film.webp", 60)
    assert differing(tl.verify(made, studio=studio)) == ["film"]


def _changed(
    facts: Callable[[], dict[str, str]], name: str
) -> Callable[[], dict[str, str]]:
    return lambda: {**facts(), name: "0"}


@pytest.mark.parametrize(
    ("function", "name", "what"),
    [
        ("code_facts", "sha256", "code sha256"),
        ("package_facts", "numpy", "package numpy"),
        ("library_facts", "libavcodec", "library libavcodec"),
    ],
)
def test_what_computes_the_film_is_named(  # noqa: PLR0917 - fixtures
    cut: tl.Edit,
    folder: Path,
    studio: Studio,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    name: str,
    what: str,
) -> None:
    lock = locked(cut, folder)
    now = getattr(environment, function)
    monkeypatch.setattr(verify, function, _changed(now, name))
    assert differing(tl.verify(lock, studio=studio)) == [what]
    # The film is the same all the same, which proves it.
    assert tl.verify(lock, studio=studio, render=True).held


@pytest.mark.parametrize("field", ["profile", "effects", "plugins"])
def test_a_lock_that_was_edited_differs(
    cut: tl.Edit, folder: Path, studio: Studio, field: str
) -> None:
    lock = locked(cut, folder)
    whole = json.loads(lock.read_text())
    names = {
        "profile": ("video.options.crf", "profile: video.options.crf"),
        "effects": ("glow", "code of the effect 'glow'"),
        "plugins": ("org.example.blur", "plugin org.example.blur"),
    }
    key, what = names[field]
    whole[field][key] = "7"
    lock.write_text(json.dumps(whole))
    found = tl.verify(lock, studio=studio)
    assert what in differing(found)


def test_a_model_and_a_table_are_named(
    cut: tl.Edit, folder: Path, studio: Studio
) -> None:
    found = tl.open(folder / "street.mp4", studio=studio).detect(every=5, score=0.01)
    table = found.to_dataframe()
    if not len(table):
        pytest.skip("the model finds nothing in bars")
    tl.write_detections(table, folder / "boxes.csv")
    cut.redact(tl.read_detections(folder / "boxes.csv"))
    lock = locked(cut, folder)
    names = [fact.what for fact in tl.verify(lock, studio=studio)]
    assert "table of detections 'boxes.csv'" in names
    assert any(name.startswith("model ") for name in names)
    flip(folder / "boxes.csv", 200)
    assert differing(tl.verify(lock, studio=studio)) == [
        "table of detections 'boxes.csv'"
    ]
    whole = json.loads(lock.read_text())
    model = next(one for one in whole["files"] if one["what"] == "model")
    lock.write_text(lock.read_text().replace(model["sha256"], "0" * 64))
    assert f"model {model['name']!r}" in differing(tl.verify(lock, studio=studio))


def test_another_programs_file_is_not_written_over(cut: tl.Edit, folder: Path) -> None:
    (folder / "mine.lock").write_text("mine")
    with pytest.raises(tl.RenderError, match=r"mine\.lock is there already"):
        cut.render(folder / "film.mp4", lock=folder / "mine.lock")
    with pytest.raises(tl.RenderError, match="film's own name"):
        cut.render(folder / "film.mp4", lock=folder / "film.mp4")
    with pytest.raises(tl.RenderError, match="source of this edit"):
        cut.render(folder / "film.mp4", lock=folder / "street.mp4")
    with pytest.raises(tl.RenderError, match="sequence of pictures"):
        cut.render(folder / "%04d.png", lock=True)
    assert not (folder / "film.mp4").exists()


HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)),
    "nul": b"\0" * 1000,
    "deep": b'{"format": "timeline_nb.lock", "version": 1, "film": ' + b"[" * 100_000,
    "deep edit": b'{"format": "timeline_nb.lock", "version": 1, "edit": '
    + b"[" * 100_000
    + b"]" * 100_000
    + b"}",
    "large": b'{"format": "timeline_nb.lock", "version": %d}' % 2**70,
    "newer": b'{"format": "timeline_nb.lock", "version": 2}',
    "other": b'{"format": "mine", "version": 1}',
    "list": b"[]",
    "cut off": b'{"format": "timeline_nb.lock", "version": 1, "film": {"na',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_lock_is_refused_by_name(
    tmp_path: Path, studio: Studio, name: str
) -> None:
    path = tmp_path / "film.lock"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(tl.ProjectError, match=r"film\.lock"):
        tl.verify(path, studio=studio)


def test_a_strangers_lock_reads_nothing_outside(
    cut: tl.Edit, folder: Path, studio: Studio
) -> None:
    lock = locked(cut, folder)
    whole = json.loads(lock.read_text())
    whole["files"][0]["path"] = "/etc/hostname"
    whole["files"][0]["sha256"] = sha256(Path("/etc/hostname").read_bytes()).hexdigest()
    whole["files"][0]["name"] = "../../etc/hostname"
    lock.write_text(json.dumps(whole))
    row = next(iter(tl.verify(lock, studio=studio).missing))
    assert "not allowed" in row.now or "outside" in row.now


def test_a_file_of_that_name_beside_the_lock_hides_no_refusal(
    cut: tl.Edit, folder: Path, studio: Studio
) -> None:
    lock = locked(cut, folder)
    whole = json.loads(lock.read_text())
    named = {"path": "/etc/hostname", "name": "hostname", "sha256": "0" * 64}
    whole["files"][0] |= named
    (folder / "hostname").write_text("another")
    lock.write_text(json.dumps(whole))
    row = next(iter(tl.verify(lock, studio=studio).missing))
    assert row.what == "media 'hostname'"
    assert "/etc/hostname" in row.now


def test_the_command_line_says_by_its_exit_what_was_found(
    cut: tl.Edit, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_ROOTS", str(folder))
    cut.save(folder / "street.tlp")
    run = CliRunner()
    command = ["render", str(folder / "street.tlp"), "-o", str(folder / "out.mp4")]
    made = run.invoke(app, [*command, "--lock"])
    assert made.exit_code == 0, made.output
    assert json.loads((folder / "out.mp4.lock").read_text())["decoded"] == []
    lock = str(folder / "out.mp4.lock")
    assert run.invoke(app, ["verify", lock]).exit_code == 0
    held = run.invoke(app, ["verify", lock, "--render", "--json"])
    assert json.loads(held.stdout)["level"] == "bytes"
    flip(folder / "warm.cube", 14)
    differs = run.invoke(app, ["verify", lock])
    assert differs.exit_code == 1
    assert "warm.cube" in differs.stdout
    flip(folder / "warm.cube", 14)
    (folder / "street.mp4").unlink()
    missing = run.invoke(app, ["verify", lock])
    assert missing.exit_code == 3
    assert "street.mp4" in missing.stdout


def test_the_command_line_locks_what_media_decode_to(
    cut: tl.Edit, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_ROOTS", str(folder))
    cut.save(folder / "street.tlp")
    film = folder / "out.mp4"
    command = ["render", str(folder / "street.tlp"), "-o", str(film), "--lock-frames"]
    made = CliRunner().invoke(app, command)
    assert made.exit_code == 0, made.output
    lock = json.loads((folder / "out.mp4.lock").read_text())
    assert [one["kind"] for one in lock["decoded"]] == ["video", "audio"]


@pytest.mark.parametrize(
    ("text", "why"), [("", "is empty"), (" \n", "is empty"), ("old", "is no lock")]
)
def test_a_broken_lock_is_not_told_to_be_given(
    tmp_path: Path, studio: Studio, text: str, why: str
) -> None:
    path = tmp_path / "film.mp4.lock"
    path.write_text(text)
    wanted = rf"film\.mp4\.lock {why}.*render the film again with lock=True"
    with pytest.raises(tl.ProjectError, match=wanted) as caught:
        tl.verify(path, studio=studio)
    assert "beside it" not in str(caught.value)


def test_a_film_in_place_of_its_lock_is_told_apart(
    tmp_path: Path, studio: Studio
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\x00\x00\x00\x20ftypisom")
    with pytest.raises(tl.ProjectError, match=r"give the \.lock file"):
        tl.verify(film, studio=studio)
    (tmp_path / "film.mp4.lock").write_text("{}")
    with pytest.raises(tl.ProjectError, match=r"give .*film\.mp4\.lock, which"):
        tl.verify(film, studio=studio)
