"""Nothing that a person named leaves the machine, whatever is done."""

import shutil
from pathlib import Path

import pytest
from stand_ins.otlp import OtlpReceiver

import timeline_nb as tl
from timeline_nb.core.telemetry.settings import TelemetrySettings
from timeline_nb.errors import TimelineNbError

# No word that a library or the package has.
MARK = "Zwetschgenröster"
TRACES = (MARK, MARK.casefold(), "zwetschgen", "röster", "/home")


def marked_work(folder: Path, media: Path, studio: tl.Studio) -> list[str]:
    """Render, detect, save and fail, with the mark in every name and text.

    Returns:
        What the jobs' traces say at home.
    """
    folder.mkdir()
    own = shutil.copy(media, folder / f"{MARK}.mp4")
    source = tl.open(own, studio=studio)
    cut = tl.Edit(MARK, rate=source.rate, size=(320, 136), studio=studio)
    cut.append(source.clip("0s", "1s", name=MARK))
    cut.titles.add(MARK, start=0, end="0.5s")
    cut.markers.add(0, name=MARK)
    cut.effects.add(cut.clips[0], "vignette")
    # Its kind is the function's name.
    tl.effect()(marked_effect)
    cut.effects.add(None, MARK)
    cut.save(folder / f"{MARK}.tlp")
    profile = tl.Profile(preset="ultrafast", tags={"title": MARK})
    render = cut.render(folder / f"{MARK} film.mp4", profile=profile)
    render.wait()
    detection = source.start_detection(end="0.2s")
    detection.wait()

    def fail(_: object) -> None:
        raise TimelineNbError(f"{own}: {MARK}")

    failing = studio.start(f"{MARK} of {MARK}", fail)
    with pytest.raises(TimelineNbError):
        failing.wait()
    traces = [render.trace(), detection.trace(), failing.trace()]
    return [str(record) for trace in traces for record in trace.spans]


def marked_effect(picture: object) -> object:
    """Leave the picture as it is."""
    return picture


marked_effect.__name__ = marked_effect.__qualname__ = MARK


def test_no_name_path_title_or_text_leaves(tmp_path: Path, bikes: Path) -> None:
    cache = tmp_path / f"{MARK} cache"
    with OtlpReceiver() as receiver:
        settings = tl.Settings(
            cache_dir=cache,
            data_dir=cache,
            telemetry=TelemetrySettings(export=receiver.address),
        )
        with tl.open_studio(settings) as studio:
            kept = marked_work(tmp_path / MARK, bikes, studio)
            text = studio.telemetry.metrics_text()
    # At home, the names stand: the test would see them elsewhere.
    assert sum(MARK in line for line in kept) > 5
    names = {span.name for span in receiver.spans}
    assert {
        "job",
        "render.plan",
        "render.segment",
        "render.pictures",
        "render.mux",
        "media.open",
        "detect.search",
        "project.save",
    } <= names
    assert {"timeline_nb.jobs", "timeline_nb.media.frames"} <= receiver.metrics
    assert "timeline_nb_detect_frames_total" in text
    sent = receiver.raw.decode("utf-8", "replace")
    for trace in TRACES:
        assert trace not in sent
        assert trace not in text
