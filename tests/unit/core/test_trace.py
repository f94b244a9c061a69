"""How a job's time is explained: made-up jobs, whose sums are done by hand."""

import math
from html.parser import HTMLParser

import pytest

from timeline_nb.core.telemetry.records import Recorder, SpanRecord, StageTime
from timeline_nb.core.telemetry.trace import Trace
from timeline_nb.core.telemetry.tree import SpanNode
from timeline_nb.core.telemetry.words import Fact

START_NS = 1_700_000_000_000_000_000


def made(  # noqa: PLR0917 - what a span has
    name: str,
    number: int,
    parent: int,
    start_s: float,
    seconds: float,
    stages: dict[tuple[str, str, str], float] | None = None,
    worker: str = "1 main",
    **facts: Fact,
) -> SpanRecord:
    parts = tuple(StageTime(*key, s, 10) for key, s in (stages or {}).items())
    at = START_NS + round(start_s * 1e9)
    label = f"label {number}"
    return SpanRecord(name, 7, number, parent, at, seconds, facts, label, parts, worker)


def render(pictures: dict[tuple[str, str, str], float], encode_s: float) -> Trace:
    """Return a render of 10 s: 1 s of plan, 8 s of one segment, 1 s of mux."""
    encoding = {("encode", "libx264", ""): encode_s, ("wait", "", ""): 8 - encode_s}
    spans = [
        made("render.plan", 2, 1, 0, 1, frames=200, encoded_frames=200),
        made("render.pictures", 5, 4, 1, 8, pictures),
        made("render.segment", 4, 3, 1, 8, encoding),
        made("render.encode", 3, 1, 1, 8, workers=1),
        made("render.mux", 6, 1, 9, 1),
        made("job", 1, 0, 0, 10, kind="render"),
    ]
    return Trace("render film.mp4", spans)


def seconds_of(trace: Trace) -> dict[tuple[str, str], float]:
    rows = trace.costs().to_dict("records")
    return {(row["stage"], row["what"]): row["seconds"] for row in rows}


def test_where_pictures_are_slow_their_stages_explain_the_time() -> None:
    slow = {
        ("effect", "gaussian_blur", "clip A"): 6.0,
        ("decode", "h264", "clip A"): 2.0,
    }
    trace = render(slow, encode_s=2)
    assert seconds_of(trace) == {
        ("effect", "gaussian_blur"): 6,
        ("decode", "h264"): 2,
        ("plan", ""): 1,
        ("mux", ""): 1,
    }
    text = "\n".join(trace.sentences)
    assert "60% of the time went into the effect gaussian_blur on clip A (6.0 s" in text
    assert "The encoder was busy for 25% of its time" in text
    assert "took 10.0 s for 200 frames, 20 a second" in text
    # Encoding is no part of what decided the time.
    assert "libx264" not in text


def test_pictures_that_were_ready_early_explain_only_their_time() -> None:
    spans = [
        # 2 s of pictures, and 7.6 of 8 s of encoding: what was waited for.
        made("render.pictures", 5, 4, 0, 2, {("decode", "h264", "clip A"): 2.0}),
        made("render.segment", 4, 3, 0, 8, {("encode", "libx264", ""): 7.6}),
        made("render.encode", 3, 1, 0, 8, workers=1),
        made("job", 1, 0, 0, 8, kind="render"),
    ]
    trace = Trace("render film.mp4", spans)
    found = seconds_of(trace)
    assert found["encode", "libx264"] == pytest.approx(7.6)
    assert found["decode", "h264"] == pytest.approx(0.4)
    assert "they took 25% of the time" in "\n".join(trace.sentences)


def test_workers_that_begin_late_are_named() -> None:
    spans = [
        # A cluster's worker loads the package for 3 of 10 s.
        made("render.segment", 4, 3, 3, 7, {("encode", "libx264", ""): 7.0}, "2 w"),
        made("render.encode", 3, 1, 0, 10, workers=1),
        made("job", 1, 0, 0, 10, kind="render"),
    ]
    trace = Trace("render film.mp4", spans)
    assert seconds_of(trace)["other", "encode"] == pytest.approx(3)
    text = "\n".join(trace.sentences)
    assert "30% of the time went into starting workers" in text
    assert "keep theirs (executor=...)" in text


def test_parts_that_explain_nothing_have_no_bar() -> None:
    parts = {("decode", "h264", "clip A"): 7.99, ("open", "", ""): 0.01}
    html = render(parts, encode_s=1)._repr_html_()
    bars = html[html.index("<tbody>") :]
    assert "decoding h264" in bars
    # 0.1 % of 10 s.
    assert "opening files" not in bars


def test_where_the_encoder_is_slow_it_explains_the_time() -> None:
    trace = render({("decode", "h264", "clip A"): 2.0}, encode_s=8)
    assert seconds_of(trace)["encode", "libx264"] == 8
    text = "\n".join(trace.sentences)
    assert "80% of the time went into encoding with libx264" in text
    assert "(they took 25% of the time): cheaper effects" in text


def test_what_the_busiest_lane_left_open_is_that_of_the_other() -> None:
    trace = render({("decode", "h264", "clip A"): 4.0}, encode_s=6)
    found = seconds_of(trace)
    # 6 of 8 s were encoded; in the other 2, the encoder waited for frames.
    assert found["encode", "libx264"] == 6
    assert found["decode", "h264"] == 2


def test_of_two_workers_the_one_that_ended_last_decides() -> None:
    stage = {("encode", "libx264", ""): 4.0}
    longer = {("encode", "libx265", ""): 6.0}
    spans = [
        made("render.segment", 3, 2, 0, 4, stage, "1 a"),
        made("render.segment", 4, 2, 0, 6, longer, "1 b"),
        made("render.encode", 2, 1, 0, 6, workers=2),
        made("job", 1, 0, 0, 6),
    ]
    table = Trace("render film.mp4", spans).to_dataframe()
    critical = dict(zip(table["what"], table["critical"], strict=True))
    assert critical == {
        "label 1": True,
        "label 2": True,
        "label 3": False,
        "label 4": True,
    }


def test_the_parts_sum_up_to_the_time_whatever_overlaps() -> None:
    spans = [
        # It waited for its turn before the job began.
        made("job.queue", 9, 1, -5, 5),
        made("render.plan", 2, 1, 0.5, 2),
        made("media.index", 3, 2, 0.4, 3),
        made("render.mux", 4, 1, 2.2, 9),
        made("job", 1, 0, 0, 10),
    ]
    trace = Trace("render film.mp4", spans)
    assert math.isclose(trace.costs()["seconds"].sum(), 10, abs_tol=1e-3)


def many_spans(count: int, *, nested: bool) -> list[SpanRecord]:
    """Return operations of 1 ms side by side, or each within the one before."""
    spans = [made("job", 1, 0, 0, count / 1000)]
    for number in range(2, count + 1):
        if nested:
            times = number / 2000, (count - number) / 1000
            spans.append(made("plugin.call", number, number - 1, *times))
        else:
            one = {("effect", f"kind {number % 7}", ""): 0.001}
            spans.append(made("plugin.call", number, 1, number / 1000, 0.001, one))
    return spans


@pytest.mark.parametrize("nested", [False, True])
def test_no_operation_is_looked_at_again_and_again(
    monkeypatch: pytest.MonkeyPatch, *, nested: bool
) -> None:
    count = 50_000
    looks = 0

    def counted(self: SpanNode) -> float:
        nonlocal looks
        looks += 1
        return self.start_s + self.record.seconds

    monkeypatch.setattr(SpanNode, "end_s", property(counted))
    trace = Trace("render film.mp4", many_spans(count, nested=nested))
    assert math.isclose(trace.costs()["seconds"].sum(), count / 1000, rel_tol=0.01)
    assert trace.sentences
    assert len(trace.to_dataframe()) == count
    assert len(trace._repr_html_()) < 700_000
    # The number of operations, times what an order needs: log2(50,000) is 16.
    assert looks < 16 * count


def test_of_too_many_operations_those_around_them_are_kept() -> None:
    recorder = Recorder(most=10)
    for number in range(100):
        recorder.keep(made("plugin.call", 10 + number, 2, 0, 1))
    recorder.keep(made("render.segment", 2, 1, 0, 100))
    recorder.keep(made("job", 1, 0, 0, 100))
    assert recorder.dropped == 90
    assert [one.name for one in recorder.spans[10:]] == ["render.segment", "job"]


def test_a_running_job_is_explained_so_far() -> None:
    spans = [made("render.plan", 2, 1, 0, 1), made("render.encode", 3, 1, 1, 4)]
    assert Trace("render film.mp4", spans).seconds == 5


def test_a_job_that_has_not_begun_says_so() -> None:
    trace = Trace("render film.mp4", [])
    assert "has not begun" in trace.sentences[0]
    assert len(trace.to_dataframe()) == 0
    assert "<svg" not in trace._repr_html_()


def test_other_programs_and_waiting_are_named() -> None:
    # 2 processors for 10 s: 4 s idle, 5 s its own, so 11 s of others.
    job = made("job", 1, 0, 0, 10, cpu_s=5.0, idle_s=4.0, cores=2, wait_s=3.0)
    trace = Trace("render film.mp4", [job])
    text = "\n".join(trace.sentences)
    assert (
        "Other programs used 1.1 of the 2 processors meanwhile, and this one 0.5"
        in text
    )
    assert "it waited 3.0 s for other jobs" in text


class _Texts(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        self.tags.append(tag)


@pytest.mark.parametrize("count", [1, 3000])
def test_the_picture_has_names_as_text_and_a_bounded_size(count: int) -> None:
    hostile = "<script>alert(1)</script>"
    each = 100 / count
    spans = [
        made(
            "render.segment", 10 + n, 2, n * each, each, {("encode", hostile, ""): each}
        )
        for n in range(count)
    ]
    spans += [made("render.encode", 2, 1, 0, 100), made("job", 1, 0, 0, 100)]
    html = Trace(hostile, spans)._repr_html_()
    page = _Texts()
    page.feed(html)
    assert "script" not in page.tags
    assert {"svg", "rect", "ul", "table"} <= set(page.tags)
    # A notebook keeps what it shows.
    assert len(html) < 700_000


def detection(seconds: float, decode_s: float, frames: int) -> str:
    stages = {("decode", "h264 640x272", ""): decode_s}
    spans = [
        made("detect.search", 2, 1, 0, seconds, stages, frames=frames),
        made("job", 1, 0, 0, seconds, kind="detect", cpu_s=0.01, idle_s=0.0, cores=2),
    ]
    return "\n".join(Trace("detect film.mp4", spans).sentences)


def test_the_advice_of_a_detection_is_none_of_a_render() -> None:
    text = detection(10, 8, frames=50)
    assert "took 10.0 s for 50 frames, 5.0 a second" in text
    assert "80% of the time went into decoding h264 640x272 (8.0 s" in text
    # A detection has neither a profile nor a film.
    assert "tl.Profile" not in text
    assert "the film's" not in text


def test_what_is_over_at_once_needs_no_advice() -> None:
    text = detection(0.02, 0.01, frames=0)
    assert "took 20 ms: all that was asked for was known from before." in text
    assert "50% of the time went into decoding h264 640x272 (10 ms, 10 times" in text
    assert "convert the source" not in text
    # The system counts how idle processors were by 10 ms.
    assert "Other programs" not in text


def test_work_that_took_longer_than_the_job_was_beside_other_work() -> None:
    stage = {("encode", "libx264", ""): 6.0}
    spans = [
        made("render.segment", 3, 2, 0, 6, stage, "1 a"),
        made("render.segment", 4, 2, 0, 6, stage, "1 b"),
        made("render.encode", 2, 1, 0, 6, workers=2),
        made("job", 1, 0, 0, 6),
    ]
    text = "\n".join(Trace("render film.mp4", spans).sentences)
    # 12 s of work in 6 s: 20 times 600 ms.
    assert "(6.0 s, 20 times 600.0 ms, partly beside other work)" in text


def test_what_decided_but_an_instant_has_no_bold_frame() -> None:
    stage = {("encode", "libx264", ""): 6.0}
    spans = [
        made("render.segment", 3, 2, 0, 6, stage, "1 a"),
        made("render.segment", 4, 2, 0.01, 7, stage, "1 b"),
        made("render.encode", 2, 1, 0, 7.01, workers=2),
        made("job", 1, 0, 0, 7.01),
    ]
    table = Trace("render film.mp4", spans).to_dataframe().set_index("what")
    assert not table.loc["label 3", "critical"]
    assert table.loc["label 4", "critical"]


def test_what_was_not_counted_has_no_mean_time_and_the_column_stays_numbers() -> None:
    spans = [
        made("render.plan", 2, 1, 0, 1, frames=200),
        made("job", 1, 0, 0, 1, kind="render"),
    ]
    costs = Trace("render film.mp4", spans).costs()
    assert costs["ms"].dtype == "float64"
    assert costs["ms"].isna().all()
