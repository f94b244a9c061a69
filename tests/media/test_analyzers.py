"""An analyzer in C measures clips of known pictures and sound, on their own clocks."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
import pytest
from media_factory import RECIPES, Clips, click_track, picture
from plugins_factory import BODY, OnePlugin, picturing

import timeline_nb as tl
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import (
    JobCancelledError,
    MediaError,
    PluginError,
    RecognitionError,
    TimeError,
)
from timeline_nb.notebook.analyze import Analysis, VideoParts
from timeline_nb.recognition.analyzers import Analyzer, Column, ColumnType
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio
from timeline_nb.wasm_plugins.analyzers import analyzers_of

SOURCES = Path(__file__).parents[1] / "plugins_src" / "meter"
METER = "timeline-nb.test.meter"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    settings = Settings(
        cache_dir=folder / "cache", data_dir=folder / "data", isolate="never"
    )
    with tl.open_studio(settings) as made:
        made.plugins.install(SOURCES / "meter.wasm")
        yield made


def media(path: Path, studio: Studio) -> tl.Media:
    return tl.open(path, studio=studio)


def seen_by_opencv(path: Path) -> list[float]:
    """The mean of each frame, as OpenCV decodes it."""
    film, means = cv2.VideoCapture(str(path)), []
    while (found := film.read())[0]:
        means.append(float(found[1].mean()))
    return means


@pytest.mark.parametrize("name", ["cfr", "vfr", "ntsc", "open_gop", "late"])
def test_the_brightness_of_each_frame(name: str, clips: Clips, studio: Studio) -> None:
    src = media(clips[name], studio)
    table = src.analyze(f"{METER}/brightness")
    recipe = RECIPES[name]
    count = len(recipe.stamps)
    assert table["frame"].tolist() == list(range(count))
    known = [picture(number).mean() for number in range(count)]
    np.testing.assert_allclose(table["mean"], known, atol=1.5)
    np.testing.assert_allclose(table["mean"], seen_by_opencv(clips[name]), atol=1)
    labels = ["dark" if mean < 128 else "light" for mean in table["mean"]]
    assert list(table["label"]) == labels
    # Media time 0 is the first frame, whatever its stamp.
    first = recipe.stamps[0]
    times = [float((pts - first) * recipe.base) for pts in recipe.stamps]
    np.testing.assert_allclose(table["time_s"], times, atol=1e-9)


def test_rows_are_ranges_of_exact_time(clips: Clips, studio: Studio) -> None:
    src, recipe = media(clips["vfr"], studio), RECIPES["vfr"]
    table = src.analyze(f"{METER}/brightness")
    chosen = table[table["frame"].between(7, 11)]
    (clip,) = src.clips(chosen)
    begin, end = (Fraction(recipe.stamps[number], 1000) for number in (7, 12))
    assert (clip.source_range.start, clip.source_range.end) == (begin, end)
    (marker,) = chosen.tl.markers()
    assert marker.marked_range == clip.source_range
    # Both labels stand in the name, as of detections.
    assert set(marker.name.split(", ")) == set(chosen["label"])
    cut = tl.Edit("vfr", rate=25, size=(192, 112), studio=studio)
    cut.append(clip)
    shown = table.tl.on(cut)
    assert shown["frame"].tolist() == [7, 8, 9, 10, 11]


def test_the_plugin_remembers_the_picture_before(clips: Clips, studio: Studio) -> None:
    src = media(clips["cfr"], studio)
    table = src.analyze(f"{METER}/motion", every=7, start="0.5s", end="2s")
    # 0.5 s is within frame 12.
    numbers = list(range(12, 50, 7))
    assert table["frame"].tolist() == numbers
    pictures = [
        np.zeros_like(picture(0), int),
        *(picture(n).astype(int) for n in numbers),
    ]
    known = [abs(b - a).mean() for a, b in pairwise(pictures)]
    np.testing.assert_allclose(table["change"], known, atol=2)
    # Until the next that was measured; the last for as long as the others.
    assert table["end_pts"].tolist()[:-1] == table["pts"].tolist()[1:]


def test_a_size_may_be_chosen(clips: Clips, studio: Studio) -> None:
    src = media(clips["cfr"], studio)
    table = src.analyze(f"{METER}/brightness", size=(48, 28), end="0.4s")
    known = [src.frame(number=n, size=(48, 28)).mean() for n in range(10)]
    np.testing.assert_allclose(table["mean"], known, atol=1e-6)


def test_loudness_is_that_of_the_samples(clips: Clips, studio: Studio) -> None:
    src = media(clips["quick"], studio)
    table = src.analyze(f"{METER}/loudness", every="0.04s", layout="mono")
    rate = 48_000
    blocks = click_track(Fraction(60, 25), rate).reshape(-1, rate // 25)
    # 16 bits, and both channels alike.
    known = np.sqrt((blocks.astype(float) ** 2).mean(axis=1))
    np.testing.assert_allclose(table["rms"], known, atol=1e-4)
    np.testing.assert_allclose(table["peak"], abs(blocks).max(axis=1), atol=1e-4)
    assert table["pts"].tolist() == list(range(0, len(blocks) * 1920, 1920))
    assert table["end_pts"].tolist() == [pts + 1920 for pts in table["pts"]]
    assert table["frame"].tolist() == list(range(60))
    loud = table.query("peak > 0.5").tl.ranges()
    assert loud["start"].tolist() == [0, Fraction(12, 25), 1, Fraction(37, 25), 2]
    spans = [clip.source_range.start for clip in src.clips(loud)]
    assert spans == loud["start"].tolist()


def test_sound_alone_has_blocks(tmp_path: Path, studio: Studio) -> None:
    path = tmp_path / "tone.wav"
    make = "ffmpeg -v error -f lavfi -i sine=1000:duration=1.03:sample_rate=44100 -y"
    subprocess.run([*make.split(), str(path)], check=True)
    src = media(path, studio)
    table = src.analyze(f"{METER}/loudness", every="0.25s")
    assert table["time_s"].tolist() == [0, 0.25, 0.5, 0.75, 1.0]
    assert table["frame"].tolist() == [0, 1, 2, 3, 4]
    # The tone of that filter has an amplitude of an eighth.
    np.testing.assert_allclose(table["rms"][1:4], 0.125 / np.sqrt(2), rtol=0.01)
    (clip,) = src.clips(table.query("0.25 <= time_s < 0.75"))
    assert clip.source_range.start == Fraction(1, 4)
    assert clip.duration == Fraction(1, 2)


class Counter:
    """An analyzer in Python, and how often it ran."""

    def __init__(self, identity: str = "1", **columns: ColumnType) -> None:
        self.calls = 0
        self.rows: list[Any] = []
        types = columns or {"n": "integer", "even": "boolean", "x": "number"}
        self.analyzer = Analyzer(
            name="org.example.count/count",
            about="",
            origin="a test",
            of="picture",
            columns=tuple(Column(name, kind) for name, kind in types.items()),
            identity=identity,
            checked=dict,
            measure=self.measure,
        )

    def measure(self, _: Any, parts: Any, *__: Any) -> Iterator[Any]:
        self.calls += 1
        if self.rows:
            list(parts)
            yield from self.rows
        for number, _ in enumerate(parts):
            yield {"n": number, "even": number % 2 == 0, "x": None}

    def table(self, src: tl.Media, args: Any = None, **given: Any) -> pd.DataFrame:
        chosen = VideoParts(src, **{"every": 10, **given})
        return Analysis(src, self.analyzer, chosen, args or {}).table(Reporter())


def test_cells_have_types_and_may_be_missing(clips: Clips, studio: Studio) -> None:
    table = Counter("").table(media(clips["cfr"], studio))
    assert [str(kind) for kind in table.dtypes] == [
        *("int64", "int64", "int64", "float64"),
        *("Int64", "boolean", "float64"),
    ]
    assert table["n"].tolist() == [0, 1, 2, 3, 4, 5]
    assert table["x"].isna().all()


def test_it_is_measured_once(clips: Clips, studio: Studio) -> None:
    src, own = media(clips["cfr"], studio), Counter("once")
    first = own.table(src)
    again = own.table(media(clips["cfr"], studio))
    pd.testing.assert_frame_equal(first, again)
    assert first.attrs == again.attrs
    assert own.calls == 1
    own.table(src, {"least": 3})
    own.table(src, every=5)
    own.table(src, start="0.1s")
    own.table(src, size=(96, 56))
    own.table(src.assume(range="pc"))
    assert own.calls == 6
    for path in studio.settings.cache_dir.glob("measures/*"):
        path.write_bytes(path.read_bytes()[:-3])
    pd.testing.assert_frame_equal(own.table(src), first)
    assert own.calls == 7
    unknown = Counter("")
    unknown.table(src)
    unknown.table(src)
    assert unknown.calls == 2
    # What JSON has no form of names no file.
    own.table(src, {"least": object()})
    own.table(src, {"least": object()})
    assert own.calls == 9


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"n": 1.5}, "n: 1.5 is no whole number"),
        ({"n": True}, "n: True is no whole number"),
        ({"n": 1 << 60}, "n: 11.* is no whole number up to"),
        ({"even": 1}, "even: 1 is neither true nor false"),
        ({"x": float("nan")}, "x: nan is no finite number"),
        ({"x": 10**400}, "x: 1000.* is no finite number"),
        ({"frame": 11}, "frame: 11 is none that it was given"),
        ({"frame": True}, "frame: True is none"),
        ({"y": 1}, "'y' is no column; there are n, even, x"),
        ([1], "it is a list, not a row of cells"),
    ],
)
def test_rows_that_are_none(row: Any, fault: str, clips: Clips, studio: Studio) -> None:
    own = Counter("")
    fine = {"n": 1, "even": True, "x": 0.5}
    own.rows = [fine, {**fine, **row} if isinstance(row, dict) else row]
    with pytest.raises(PluginError, match=f"example.count/count, row 1: {fault}"):
        own.table(media(clips["cfr"], studio))


def test_rows_of_earlier_frames_come_in_the_order_of_time(
    clips: Clips, studio: Studio
) -> None:
    own = Counter("")
    own.rows = [{"n": n, "even": None, "x": n, "frame": n} for n in (20, 0, 10, 0)]
    table = own.table(media(clips["cfr"], studio))
    assert table["frame"].tolist() == table["n"].tolist() == [0, 0, 10, 20]


def test_what_python_raises_names_the_analyzer(clips: Clips, studio: Studio) -> None:
    own = Counter("")

    class Row(dict[str, Any]):
        def get(self, *_: Any) -> Any:
            raise KeyError("secret")

    own.rows = [Row()]
    with pytest.raises(PluginError, match=r"count failed on cfr\.mp4: KeyError"):
        own.table(media(clips["cfr"], studio))


def test_a_film_that_changes_is_not_measured(
    clips: Clips, studio: Studio, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(clips["cfr"].read_bytes())
    src = media(path, studio)
    path.write_bytes(clips["ntsc"].read_bytes())
    with pytest.raises(MediaError, match="has changed since it was opened"):
        src.analyze(f"{METER}/brightness")


def test_a_job_is_cancelled_within_a_picture(clips: Clips, studio: Studio) -> None:
    offer = {"name": "stuck", "columns": [{"name": "mean"}]}
    stuck: Any = OnePlugin(
        BODY + picturing("{}", "(loop $l (br $l))"), commands=[], analyzers=[offer]
    )
    (analyzer,) = analyzers_of(stuck, "")
    src = media(clips["cfr"], studio)
    begun = threading.Event()

    def work(reporter: Reporter) -> pd.DataFrame:
        begun.set()
        return Analysis(src, analyzer, VideoParts(src), {}).table(reporter)

    job = studio.start("stuck", work)
    assert begun.wait(120)
    job.cancel()
    with pytest.raises(JobCancelledError):
        job.wait(120)


def test_what_cannot_be_measured_says_why(clips: Clips, studio: Studio) -> None:
    src = media(clips["cfr"], studio)
    silent = media(clips["vfr"], studio)
    light, loud = f"{METER}/brightness", f"{METER}/loudness"
    short = Fraction(1, 96_001)
    cases: list[tuple[Callable[[], object], type[Exception], str]] = [
        (lambda: src.analyze(f"{METER}/brightnes"), PluginError, "did you mean"),
        (lambda: src.analyze("brightness"), PluginError, "there is no analyzer"),
        (lambda: src.analyze(light, leest=3), PluginError, "'leest' is not known"),
        (lambda: src.analyze(light, least=300), PluginError, "300 is above 255"),
        (lambda: src.analyze(light, layout="mono"), PluginError, "leave out layout="),
        (lambda: src.analyze(light, every=0), TimeError, "every=0"),
        (lambda: src.analyze(light, start="9s"), TimeError, "there is no time"),
        (lambda: src.analyze(light, size=(0, 3)), MediaError, "size="),
        (lambda: src.analyze(light, size=(9000, 9000)), MediaError, "243 MB"),
        (lambda: silent.analyze(loud), MediaError, "has no sound"),
        (lambda: src.analyze(loud, size=(3, 3)), PluginError, "leave out size="),
        (lambda: src.analyze(loud, layout="9.1"), MediaError, "none of mono"),
        (lambda: src.analyze(loud, every=short), TimeError, "at least a sample"),
        (lambda: src.analyze(loud, every="1000s"), MediaError, "smaller every="),
        (lambda: src.analyze(loud, start="9s"), TimeError, "nothing of it lies"),
    ]
    for call, kind, message in cases:
        with pytest.raises(kind, match=message):
            call()


def test_a_table_of_another_film_makes_no_clips(clips: Clips, studio: Studio) -> None:
    table = media(clips["cfr"], studio).analyze(f"{METER}/loudness")
    with pytest.raises(RecognitionError, match="is of cfr"):
        media(clips["ntsc"], studio).clips(table)
