"""Detectors, analyzers, importers and exporters of Python plugins."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from media_factory import Clips
from packages_factory import install, source_of

import timeline_nb as tl
from timeline_nb.recognition.inference.function_detector import FunctionDetector
from timeline_nb.recognition.inference.search import Search

# One box a frame, whose score is the frame's mean level; and each call leaves a mark.
SQUARES = """
    import sys

    @plugin.detector(labels=["bright", "dark"])
    def squares(rgb):
        with open(sys.modules[__name__].__file__ + ".calls", "a") as calls:
            calls.write("x")
        yield "bright", rgb.mean() / 255, 1, 2, 30.5, 40
        yield "dark", 0.1, 0, 0, 5, 5
"""
PLAIN = """
    @plugin.detector(labels=["x"])
    def all(rgb):
        return [("x", 1, 0, 0, 4, 4)]
"""
METER = """
    @plugin.analyzer(columns={"level": "number", "steps": "integer"})
    def brightness(stream, parts, gain: float = 1.0):
        "Measure the mean level, and how many pictures came before."
        for steps, part in enumerate(parts):
            yield {"level": part.data.mean() * gain, "steps": steps}

    @plugin.analyzer(of="sound", columns={"peak": "number"})
    def peak(stream, parts):
        for part in parts:
            yield {"peak": float(abs(part.data).max())}
"""
CUTS = """
    from pathlib import Path

    @plugin.importer(suffixes=[".cuts"])
    def read_cuts(path: Path, rate: int = 25) -> tl.Timeline:
        "Read a list of names, each of a marker a second."
        cut = tl.Edit("cuts", rate=rate)
        for second, name in enumerate(path.read_text().split()):
            cut.markers.add(second, name=name)
        return cut.timeline

    @plugin.exporter(suffixes=[".cuts"])
    def write_cuts(timeline, path: Path, upper: bool = False) -> None:
        names = [marker.name for marker in timeline.markers]
        text = " ".join(names)
        path.write_text(text.upper() if upper else text)
"""


def calls_of(site: Path) -> int:
    marks = site / "acme_see.py.calls"
    return len(marks.read_text()) if marks.exists() else 0


@pytest.fixture
def seeing(site: Path, studio: tl.Studio, clips: Clips) -> tl.Media:
    install(site, "acme_see", source_of(SQUARES))
    studio.python_plugins.enable("acme.see")
    return tl.open(clips["cfr"], studio=studio)


def test_a_detector_gives_the_table_of_a_network(seeing: tl.Media, site: Path) -> None:
    found = seeing.detect(model="acme.see/squares", end="0.4s", score=0.2)
    table = found.to_dataframe()
    network = seeing.detect(end="0.1s").to_dataframe()
    assert list(table.columns) == list(network.columns)
    assert list(table["frame"]) == list(range(10))
    assert set(table["label"]) == {"bright"}
    assert list(table.iloc[3][["x1", "y1", "x2", "y2"]]) == [1, 2, 30.5, 40]
    mean = seeing.frame(number=3).mean() / 255
    assert table["score"][3] == pytest.approx(mean, abs=1e-6)
    assert calls_of(site) == 10
    # What was searched is kept; a lower score is another search.
    seeing.detect(model="acme.see/squares", end="0.6s", score=0.2)
    assert calls_of(site) == 15
    both = seeing.detect(model="acme.see/squares", end="0.4s", score=0.05)
    assert sorted(set(both.to_dataframe()["label"])) == ["bright", "dark"]
    tracked = found.track(tl.ByteTrack(high=0.2, new=0.2)).to_dataframe()
    assert tracked["track_id"].nunique() == 1


def test_a_detector_is_given_a_region_and_tiles() -> None:
    seen: list[tuple[int, ...]] = []

    def corners(rgb: np.ndarray) -> list[tuple[object, ...]]:
        seen.append(rgb.shape)
        return [("part", 0.9, -5, 0, 10, 12)]

    detector = FunctionDetector("corners", ("part",), corners, sha256="")
    picture = np.zeros((60, 100, 3), np.uint8)
    region = Search(region=(20, 10, 90, 50))
    found = detector.objects(picture, region).found
    assert seen == [(40, 70, 3)]
    # Cut at the region's edge, and moved by its corner.
    assert found.boxes.tolist() == [[20, 10, 30, 22]]
    seen.clear()
    tiled = detector.objects(picture, Search(tiles=(2, 1), overlap=0)).found
    assert seen == [(60, 100, 3), (60, 50, 3), (60, 50, 3)]
    # The corner of the whole is that of the first tile.
    assert sorted(tiled.boxes.tolist()) == [[0, 0, 10, 12], [50, 0, 60, 12]]


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (None, "returned a NoneType, not a list of"),
        ([("cat", 0.9, 1, 2, 3, 4)], r"the label 'cat', which it does not state; did"),
        ([("cats", 0.9, 1, 2, 3)], "a score is 0 to 1"),
        ([("cats", 1.5, 1, 2, 3, 4)], "a score is 0 to 1"),
        ([("cats", float("nan"), 1, 2, 3, 4)], "a score is 0 to 1"),
        ([("cats", 0.5, 9, 2, 3, 4)], "not beyond x2 and y2"),
        ([("cats", 0.5, 1, 2, float("inf"), 4)], "not beyond x2 and y2"),
        ([("cats", "much", 1, 2, 3, 4)], "not .label, score"),
        ([3], "returned '3', not .label"),
    ],
)
def test_what_is_no_object_is_refused(returned: object, said: str) -> None:
    detector = FunctionDetector("it", ("cats",), lambda _: returned, sha256="")
    with pytest.raises(tl.RecognitionError, match=said):
        detector.objects(np.zeros((8, 8, 3), np.uint8), Search())


def test_a_detector_that_fails_is_named_and_what_it_found_is_kept(
    site: Path, studio: tl.Studio, clips: Clips
) -> None:
    failing = """
        seen = []

        @plugin.detector(labels=["x"])
        def late(rgb):
            seen.append(1)
            if len(seen) == 6:
                raise OSError("the camera is gone")
            return [("x", 1, 0, 0, 4, 4)]
    """
    install(site, "acme_late", source_of(failing))
    studio.python_plugins.enable("acme.late")
    media = tl.open(clips["cfr"], studio=studio)
    with pytest.raises(tl.RecognitionError) as caught:
        media.detect(model="acme.late/late", end="0.4s")
    assert "the detector 'acme.late/late' failed: OSError: the camera is" in str(
        caught.value
    )
    with pytest.raises(tl.RecognitionError, match="no detector 'lat'; did you mean"):
        media.detect(model="acme.late/lat")
    with pytest.raises(tl.RecognitionError, match="leave out spec"):
        media.detect(model="acme.late/late", batch=2)
    studio.python_plugins.disable("acme.late")
    with pytest.raises(tl.PluginError, match="is not enabled"):
        media.detect(model="acme.late/late")


@pytest.mark.whole
def test_a_detector_in_other_processes(seeing: tl.Media, site: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        # Its function opens a file, so that it may be another in each process.
        with pytest.raises(tl.RecognitionError, match="may be another in other pro"):
            seeing.detect(model="acme.see/squares", end="0.2s", executor=pool)
        install(site, "acme_plain", source_of(PLAIN))
        seeing.studio.python_plugins.enable("acme.plain")
        found = seeing.detect(model="acme.plain/all", end="0.2s", executor=pool)
    assert len(found) == 5


def test_analyzers_measure_pictures_and_sound(
    site: Path, studio: tl.Studio, clips: Clips
) -> None:
    install(site, "acme_meter", source_of(METER))
    studio.python_plugins.enable("acme.meter")
    media = tl.open(clips["cfr"], studio=studio)
    table = media.analyze("acme.meter/brightness", end="0.4s", gain=2)
    assert list(table["steps"]) == list(range(10))
    assert list(table["time_s"]) == [n / 25 for n in range(10)]
    assert table["level"][3] == pytest.approx(2 * media.frame(number=3).mean())
    sound = media.analyze("acme.meter/peak", end="1s")
    assert len(sound) == 10
    assert sound["peak"].max() > 0.1
    with pytest.raises(tl.PluginError, match="no argument 'gian'; did you mean"):
        media.analyze("acme.meter/brightness", gian=2)
    with pytest.raises(tl.PluginError, match="Expected `float`, got `str`"):
        media.analyze("acme.meter/brightness", gain="loud")
    with pytest.raises(tl.PluginError, match=r"acme\.meter/brightness"):
        media.analyze("acme.meter/brigtness")


def test_importers_and_exporters_join_load_and_export(
    site: Path, studio: tl.Studio, tmp_path: Path
) -> None:
    install(site, "acme_cuts", source_of(CUTS))
    studio.python_plugins.enable("acme.cuts")
    path = tmp_path / "film.cuts"
    path.write_text("one two three")
    cut = tl.load(path, studio=studio, rate=30)
    markers = [(m.name, float(m.marked_range.start)) for m in cut.timeline.markers]
    assert markers == [("one", 0), ("two", 1), ("three", 2)]
    assert cut.timeline.rate == 30
    written = cut.export(tmp_path / "out.cuts", upper=True).path
    assert written.read_text() == "ONE TWO THREE"
    with pytest.raises(tl.PluginError, match="no argument 'uper'"):
        cut.export(tmp_path / "other.cuts", uper=True)
    path.write_bytes(b"\xff")
    with pytest.raises(tl.PluginError, match="UnicodeDecodeError"):
        tl.load(path, studio=studio)


def test_an_importer_returns_a_timeline(
    site: Path, studio: tl.Studio, tmp_path: Path
) -> None:
    odd = "@plugin.importer(suffixes='.odd')\ndef odd(path):\n    return [1]\n"
    install(site, "acme_odd", source_of(odd))
    studio.python_plugins.enable("acme.odd")
    (tmp_path / "film.odd").touch()
    with pytest.raises(tl.PluginError, match=r"returned a list, not a tl\.Timeline"):
        tl.load(tmp_path / "film.odd", studio=studio)
