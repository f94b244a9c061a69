"""What a render's trace states is what happened: an effect that is slow on purpose."""

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

import timeline_nb as tl

SLOW_S = 0.04


def test_an_effect_that_takes_long_is_named_with_its_time(
    tmp_path: Path, bikes: Path
) -> None:
    @tl.effect()
    def slow_on_purpose(picture: Any) -> Any:
        """Wait, and leave the picture as it is."""
        time.sleep(SLOW_S)
        return picture

    settings = tl.Settings(cache_dir=tmp_path / "c", data_dir=tmp_path / "d")
    with tl.open_studio(settings) as studio:
        media = tl.open(bikes, studio=studio)
        cut = tl.Edit("slow", rate=media.rate, size=(320, 136), studio=studio)
        cut.append(media.clip("0s", "1s"))
        cut.effects.add(cut.clips[0], "slow_on_purpose")
        job = cut.render(tmp_path / "film.mp4", profile=tl.Profile(preset="ultrafast"))
        job.wait()
    costs = job.trace().costs()
    (effect,) = costs[costs["what"] == "slow_on_purpose"].to_dict("records")
    # 25 frames a second; the first is composed twice, to see whether it needs to be.
    assert effect["count"] in {25, 26}
    assert effect["work_s"] >= 25 * SLOW_S
    assert effect["ms"] >= 1000 * SLOW_S
    assert effect["owner"] == "clip 'bikes' (c1)"
    assert abs(costs["seconds"].sum() - job.trace().seconds) < 0.01
    assert any(
        "slow_on_purpose on clip 'bikes'" in one for one in job.trace().sentences
    )


def test_what_a_film_reuses_is_counted_once_it_is_rendered(
    tmp_path: Path, bikes: Path
) -> None:
    telemetry = tl.TelemetrySettings(export="metrics")
    settings = tl.Settings(
        cache_dir=tmp_path / "c", data_dir=tmp_path / "d", telemetry=telemetry
    )
    with tl.open_studio(settings) as studio:
        media = tl.open(bikes, studio=studio)
        cut = tl.Edit("twice", rate=media.rate, size=(320, 136), studio=studio)
        cut.append(media.clip("0s", "0.4s"))
        cut.titles.add("reused frames", start=0, end="0.4s")
        profile = tl.Profile(preset="ultrafast")
        for name in ("a.mp4", "b.mp4", "c.mp4"):
            cut.render(tmp_path / name, profile=profile).wait()
        # A plan alone is no film.
        cut.plan(tmp_path / "d.mp4", profile=profile)
        text = studio.telemetry.metrics_text()
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    # 0.4 s at 25 frames a second, encoded once, and known twice.
    assert found["timeline_nb_render_frames_total", "encode"] == 10
    assert found["timeline_nb_render_frames_total", "cached"] == 20
    assert found["timeline_nb_render_segments_total", "cached"] == 2
    assert ("timeline_nb_render_frames_total", "copy") not in found
    # No other test draws this text.
    assert found["timeline_nb_cache_requests_total", "titles", "miss"] == 1
    assert found["timeline_nb_cache_size_bytes", "titles"] > 0


def test_processes_that_encode_are_in_the_trace(tmp_path: Path, bikes: Path) -> None:
    settings = tl.Settings(cache_dir=tmp_path / "c", data_dir=tmp_path / "d")
    with (
        tl.open_studio(settings) as studio,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
    ):
        media = tl.open(bikes, studio=studio)
        cut = tl.Edit("far", rate=media.rate, size=(320, 136), studio=studio)
        cut.append(media.clip("0s", "0.4s"))
        renderer = studio.renderer(executor=pool)
        job = studio.render(cut.timeline, tmp_path / "film.mp4", renderer=renderer)
        job.wait()
    table = job.trace().to_dataframe()
    segments = table[table["operation"] == "render.segment"]
    assert {"encode", "wait"} <= set(segments["stage"])
    assert set(segments["worker"]).isdisjoint(
        table[table["operation"] == "render.mux"]["worker"]
    )
    decoded = table[(table["stage"] == "decode")]
    assert decoded["count"].sum() >= 10
