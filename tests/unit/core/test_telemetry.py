"""Spans and stages: what is timed, under which parent, and what may leave."""

import atexit
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import pytest
from prometheus_client.parser import text_string_to_metric_families
from stand_ins.otlp import OtlpReceiver

from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.run_all import run_all
from timeline_nb.core.telemetry import stages
from timeline_nb.core.telemetry.active import Telemetry
from timeline_nb.core.telemetry.failure_lines import FAILURES
from timeline_nb.core.telemetry.metrics import COUNTERS, GAUGES, HISTOGRAMS, count
from timeline_nb.core.telemetry.place import place_in_use, use_place
from timeline_nb.core.telemetry.propagation import place_of, traceparent
from timeline_nb.core.telemetry.records import Recorder
from timeline_nb.core.telemetry.settings import TelemetrySettings
from timeline_nb.core.telemetry.spans import span
from timeline_nb.core.telemetry.stages import stage
from timeline_nb.core.telemetry.words import attributes
from timeline_nb.core.worker_channel import WorkerChannel
from timeline_nb.core.worker_threads import WorkerThreads
from timeline_nb.errors import ArgumentError, MediaError, TimelineError
from timeline_nb.settings import Settings

# W3C Trace Context, section 3.2.3.
SPECIFIED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@contextmanager
def telemetry(export: str, **more: object) -> Iterator[Telemetry]:
    opened = Telemetry(TelemetrySettings(export=export, **more))  # type: ignore[arg-type]
    try:
        yield opened
    finally:
        opened.close()


def recorded() -> tuple[Recorder, use_place]:
    recorder = Recorder()
    return recorder, use_place(place_of(SPECIFIED, recorder))


def test_a_traceparent_is_read_and_written_as_the_specification_has_it() -> None:
    place = place_of(SPECIFIED, None)
    assert place is not None
    assert f"{place.trace_id:x}" == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert place.span_id == 0xF067AA0BA902B7
    assert traceparent(place) == SPECIFIED


@pytest.mark.parametrize("text", ["", "00", "00-zz-11-01", SPECIFIED.replace("4b", "")])
def test_what_is_no_traceparent_is_no_place(text: str) -> None:
    assert place_of(text, None) is None


def test_stages_do_not_count_what_is_within_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_ns = [0]
    monkeypatch.setattr(stages, "clock", lambda: now_ns[0])
    recorder, at_place = recorded()
    with at_place, span("render.segment"), stage("compose", owner="clip A"):
        now_ns[0] += 20_000_000
        with stage("decode", "h264"):
            now_ns[0] += 50_000_000
        now_ns[0] += 5_000_000
    (record,) = recorder.spans
    taken = {one.stage: one for one in record.stages}
    # The owner is that of the stage around it.
    assert taken["decode"].owner == "clip A"
    assert (taken["decode"].seconds, taken["compose"].seconds) == (0.05, 0.025)


def test_nothing_is_timed_where_nobody_records() -> None:
    # Studios that other tests opened record what is slow.
    alone = """
from timeline_nb.core.telemetry.active import active_telemetry
from timeline_nb.core.telemetry.place import place_in_use
from timeline_nb.core.telemetry.spans import span
from timeline_nb.core.telemetry.stages import stage

assert active_telemetry() is None
with span("job") as opened, stage("decode"):
    assert place_in_use() is None
    opened.add(frames=3)
"""
    subprocess.run([sys.executable, "-c", alone], check=True)


def test_an_error_is_kept_by_its_type_alone() -> None:
    recorder, at_place = recorded()
    with at_place, pytest.raises(MediaError), span("media.open"):
        raise MediaError("/home/ada/Secret Film.mp4 is gone")
    (record,) = recorder.spans
    assert (record.outcome, record.error) == ("failed", "MediaError")


def test_only_numbers_and_known_words_may_leave() -> None:
    facts = {
        "frames": 25,
        "codec": "Holiday in Rome",
        "action": "encode",
        "path": "/home/ada/film.mp4",
        "title": "Holiday in Rome",
        # A number under a key of words, and text under one of numbers.
        "kind": 7,
        "segments": "Holiday in Rome",
    }
    assert attributes(facts) == {
        "timeline_nb.frames": 25,
        "timeline_nb.codec": "other",
        "timeline_nb.segment.action": "encode",
        "timeline_nb.job.kind": "other",
    }


class _Worded(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "Holiday in Rome"

    def __format__(self, _: str) -> str:
        return "Holiday in Rome"


def test_a_word_that_only_looks_known_does_not_leave() -> None:
    assert "Rome" not in str(attributes({"codec": _Worded("h264")}))


def work() -> None:
    """Do what a worker does, in whatever process."""
    with span("render.segment", frames=25), stage("encode"):
        time.sleep(0.01)


@contextmanager
def executor_of(kind: str) -> Iterator[Executor]:
    if kind == "worker threads":
        with WorkerThreads(2, "test") as threads:
            yield threads
    elif kind == "threads":
        with ThreadPoolExecutor(2) as pool:
            yield pool
    elif kind == "processes":
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            yield pool
    else:
        distributed = pytest.importorskip("distributed")
        with (
            distributed.LocalCluster(
                n_workers=1, threads_per_worker=1, dashboard_address=None
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client.get_executor()


@pytest.mark.parametrize("kind", ["worker threads", "threads", "processes", "dask"])
def test_spans_of_workers_arrive_under_the_right_parent(
    kind: str, tmp_path: Path
) -> None:
    with OtlpReceiver() as receiver:
        with telemetry(receiver.address), executor_of(kind) as executor:

            def render(reporter: Reporter) -> None:
                channel = WorkerChannel(tmp_path, stage="encode", total=2)
                with span("render.encode", workers=2), channel:
                    run_all(executor, [work, work], channel, reporter)

            with ThreadPoolExecutor(1) as jobs:
                job = Job("render film.mp4", render).start(jobs)
                job.wait(120)
        (root,) = receiver.named("job")
        (phase,) = receiver.named("render.encode")
        segments = receiver.named("render.segment")
    assert root.parent_id == ""
    assert root.attributes["timeline_nb.job.kind"] == "render"
    assert phase.parent_id == root.span_id
    assert [one.parent_id for one in segments] == [phase.span_id] * 2
    assert {one.trace_id for one in segments} == {root.trace_id}
    assert all(one.attributes["timeline_nb.frames"] == 25 for one in segments)
    assert all(
        one.attributes["timeline_nb.stage.encode.time"] >= 0.01 for one in segments
    )
    # The job has them, too.
    assert [one.name for one in job.trace().spans].count("render.segment") == 2


def test_a_job_that_a_job_starts_is_a_part_of_it() -> None:
    with OtlpReceiver() as receiver, ThreadPoolExecutor(2) as jobs:
        with telemetry(receiver.address):

            def publish(_: Reporter) -> None:
                Job("render b.mp4", lambda _: None).start(jobs).wait(120)

            Job("publish b.mp4", publish).start(jobs).wait(120)
        (outer,) = (one for one in receiver.named("job") if not one.parent_id)
        (inner,) = (one for one in receiver.named("job") if one.parent_id)
    assert inner.parent_id == outer.span_id


def test_an_exported_error_has_no_text_and_no_traceback() -> None:
    with OtlpReceiver() as receiver:
        with telemetry(receiver.address), pytest.raises(MediaError), span("media.open"):
            raise MediaError("/home/ada/Secret Film.mp4 is gone")
        (one,) = receiver.spans
    assert one.is_error
    assert one.status_text == ""
    assert one.events == 0
    assert one.attributes["error.type"] == "MediaError"
    assert b"Secret" not in receiver.raw


def test_the_name_of_a_foreign_error_is_not_exported() -> None:
    class SecretFilmError(Exception):
        pass

    with OtlpReceiver() as receiver:
        with telemetry(receiver.address), pytest.raises(SecretFilmError), span("job"):
            raise SecretFilmError
        (one,) = receiver.spans
    assert one.attributes["error.type"] == "other"


def test_only_the_own_headers_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=another-key")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "host.name=secret-host")
    with OtlpReceiver() as receiver:
        own = {"api-key": "own"}
        with telemetry(receiver.address, headers=own), span("job"):
            pass
    assert receiver.headers
    assert all(headers["api-key"] == "own" for headers in receiver.headers)
    assert "another-key" not in str(receiver.headers)
    names = {name for resource in receiver.resources for name in resource}
    assert names == {"service.name", "service.instance.id"}


def test_nothing_is_sent_by_variables_of_opentelemetry_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    assert TelemetrySettings.from_environment().is_off
    monkeypatch.setenv("TIMELINE_NB_TELEMETRY", "otlp")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b,x=2")
    asked = TelemetrySettings.from_environment()
    assert asked.endpoint == "http://127.0.0.1:4318"
    assert asked.headers == {"api-key": "a b", "x": "2"}
    assert "a b" not in repr(asked)


@pytest.mark.parametrize("said", ["", " OFF", "False", "none", "0"])
def test_off_is_off_as_people_write_it(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_TELEMETRY", said)
    assert TelemetrySettings.from_environment().is_off


def test_a_variable_that_says_nothing_known_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TIMELINE_NB_TELEMETRY", "Metrics")
    assert TelemetrySettings.from_environment().export == "metrics"
    monkeypatch.setenv("TIMELINE_NB_TELEMETRY", "yes")
    with pytest.raises(TimelineError, match=r"TIMELINE_NB_TELEMETRY: .*'yes'"):
        TelemetrySettings.from_environment()
    address = "http://127.0.0.1:4318/Team"
    monkeypatch.setenv("TIMELINE_NB_TELEMETRY", address)
    assert TelemetrySettings.from_environment().endpoint == address


@pytest.mark.parametrize(
    "export",
    [
        *("yes", "localhost:4318", "file:///tmp/x", "http://", "http://[::1"),
        *("http://x:99999", "http://x:y", "http://exa mple", "http://x\n"),
    ],
)
def test_what_is_no_address_is_refused(export: str) -> None:
    with pytest.raises(TimelineError, match="telemetry"):
        TelemetrySettings(export=export)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("export", None), ("export", True), ("headers", None), ("headers", "mark")),
        *(("slow_s", 3), ("slow_s", {3: 1}), ("slow_s", {"job": "mark"})),
        *(("slow_default_s", "5"), ("slow_default_s", 1j), ("traces", "no")),
    ],
)
def test_values_of_another_kind_are_refused_by_name(name: str, value: object) -> None:
    # What is True or False is refused by the call itself.
    kind = ArgumentError if name == "traces" else TimelineError
    with pytest.raises(kind, match=name):
        TelemetrySettings(**{name: value})  # type: ignore[arg-type]


def test_a_word_in_place_of_settings_is_refused() -> None:
    with pytest.raises(TimelineError, match=r"tl\.TelemetrySettings"):
        Settings(telemetry="metrics")  # type: ignore[arg-type]


def test_headers_that_are_given_in_the_wrong_place_are_not_shown() -> None:
    given = {"headers": {"authorization": "Bearer tnb-secret"}}
    with pytest.raises(TimelineError, match="telemetry is a dict: give tl") as caught:
        Settings(telemetry=given)  # type: ignore[arg-type]
    assert "tnb-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "export",
    ["http://ann:mark@x", "http://x?key=mark", "https://x/#mark", "ftp://mark@x"],
)
def test_an_address_with_a_key_is_refused_without_showing_it(export: str) -> None:
    with pytest.raises(TimelineError, match="headers=") as caught:
        TelemetrySettings(export=export)
    assert "mark" not in str(caught.value)


@pytest.mark.parametrize("value", ["mark\r\nx: y", "mark\n", "mark é"])
def test_a_header_that_cannot_be_sent_is_refused_without_its_value(value: str) -> None:
    with pytest.raises(TimelineError, match="'api-key'") as caught:
        TelemetrySettings(export="http://x", headers={"api-key": value})
    assert "mark" not in str(caught.value)


def test_nothing_waits_for_a_receiver_at_the_exit_of_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of an answer that never ends, each byte comes before an exporter gives up."""
    modules: list[str] = []
    register = atexit.register

    def note(function: Callable[..., object], *args: object, **more: object) -> object:
        modules.append(function.__module__)
        return register(function, *args, **more)

    monkeypatch.setattr(atexit, "register", note)
    with telemetry("http://127.0.0.1:9"), span("job"):
        pass
    assert not [one for one in modules if one.startswith("opentelemetry")]


def test_a_silent_receiver_does_not_hold_up_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, ended = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        opened = Telemetry(TelemetrySettings(export=address))
        with span("job"):
            pass
        assert opened.exporter is not None
        sender = opened.exporter._spans
        assert sender is not None
        shutdown = sender.shutdown

        def end() -> None:
            # The SDK alone waits for ten seconds.
            answers.wait(200)
            shutdown()
            ended.set()

        monkeypatch.setattr(sender, "shutdown", end)
        opened.close()
        assert not ended.is_set()
    answers.set()
    assert ended.wait(200)


def test_an_answer_without_an_end_does_not_hold_up_what_comes_after() -> None:
    asked: list[bytes] = []

    def drip(link: socket.socket) -> None:
        with suppress(OSError), link:
            asked.append(link.recv(65_536))
            link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
            while not is_over.wait(0.1):
                link.sendall(b"x")

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                link, _ = listener.accept()
                Thread(target=drip, args=(link,), daemon=True).start()

    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, args=(listener,), daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with telemetry(address) as opened:
            assert opened.exporter is not None
            sender = opened.exporter._spans
            assert sender is not None
            for _ in range(3):
                with span("job"):
                    pass
                flush = Thread(target=sender.force_flush, args=(5_000,), daemon=True)
                flush.start()
                flush.join(90)
                assert not flush.is_alive()
            sent = sum(b"/v1/traces" in one for one in asked)
            is_over.set()
    assert sent == 3


def test_the_text_for_prometheus_is_what_its_parser_reads() -> None:
    with telemetry("metrics") as opened:
        with span("job", kind="render"), span("media.open"):
            pass
        count("timeline_nb.cache.requests", cache="segments", result="hit")
        count("timeline_nb.cache.requests", 3, cache="segments", result="miss")
        families = {
            one.name: one
            for one in text_string_to_metric_families(opened.metrics_text())
        }
    samples = {
        (one.name, *sorted(one.labels.values())): one.value
        for family in families.values()
        for one in family.samples
    }
    assert samples["timeline_nb_jobs_total", "completed", "render"] == 1
    assert samples["timeline_nb_cache_requests_total", "hit", "segments"] == 1
    assert samples["timeline_nb_cache_requests_total", "miss", "segments"] == 3
    assert samples["timeline_nb_cache_hit_ratio", "segments"] == 0.25
    assert samples["process_memory_usage_bytes",] > 1e6
    assert families["timeline_nb_job_duration_seconds"].type == "histogram"


def test_metrics_that_are_late_on_a_busy_machine_are_those_of_before(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import prometheus_client

    def be_late(_: object) -> bytes:
        raise TimeoutError("of the SDK, which has a type of its own for it")

    with telemetry("metrics") as opened, span("job"):
        before = opened.metrics_text()
        assert "process_thread_count" in before
        monkeypatch.setattr(prometheus_client, "generate_latest", be_late)
        assert opened.metrics_text() == before
    assert "metrics were not collected: TimeoutError" in caplog.text


def test_every_metric_has_its_kind_once() -> None:
    names = [*COUNTERS, *HISTOGRAMS, *GAUGES]
    assert len(names) == len(set(names))


def test_metrics_do_not_touch_the_registry_of_the_process() -> None:
    import prometheus_client
    from opentelemetry import metrics, trace

    before = set(prometheus_client.REGISTRY._names_to_collectors)
    providers = (metrics.get_meter_provider(), trace.get_tracer_provider())
    with telemetry("metrics"), span("job"):
        pass
    assert set(prometheus_client.REGISTRY._names_to_collectors) == before
    assert (metrics.get_meter_provider(), trace.get_tracer_provider()) == providers


def test_slow_operations_are_kept_with_what_they_were() -> None:
    with telemetry("off", slow_s={"media.open": 0.01, "media.index": 3_600}) as opened:
        with span("media.open", "holiday.mp4"):
            time.sleep(0.02)
        with span("media.index", "holiday.mp4"):
            pass
        table = opened.slow.table()
    assert list(table["operation"]) == ["media.open"]
    assert list(table["what"]) == ["holiday.mp4"]
    assert table["seconds"][0] >= 0.02


def test_the_package_loads_no_opentelemetry_while_it_is_off() -> None:
    code = (
        "import sys, timeline_nb as tl; s = tl.open_studio(); s.close();"
        "print([n for n in sys.modules if n.partition('.')[0] in "
        "('opentelemetry', 'prometheus_client', 'requests')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_stages_of_several_threads_add_up() -> None:
    recorder, at_place = recorded()
    with at_place, span("detect.infer"), WorkerThreads(2, "test") as threads:

        def infer() -> None:
            with stage("infer"):
                barrier.wait(120)

        barrier = threading.Barrier(2)
        for call in [threads.submit(infer) for _ in range(2)]:
            call.result(120)
    (record,) = recorder.spans
    assert [(one.stage, one.count) for one in record.stages] == [("infer", 2)]


def test_a_recorder_keeps_no_more_than_its_limit() -> None:
    recorder = Recorder(most=2)
    with use_place(place_of(SPECIFIED, recorder)):
        for _ in range(5):
            with span("media.open"):
                pass
    assert (len(recorder.spans), recorder.dropped) == (2, 3)


def test_a_context_is_not_left_behind() -> None:
    with WorkerThreads(1, "test") as threads:
        recorder, at_place = recorded()
        with at_place, span("job"):
            threads.submit(partial(work)).result(120)
        assert threads.submit(place_in_use).result(120) is None
    assert [one.name for one in recorder.spans] == ["render.segment", "job"]


def test_what_cannot_be_sent_is_told_once_until_it_can(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for signal in ("traces", "metrics"):
        FAILURES.worked(signal)
    with OtlpReceiver() as receiver:
        # 400 is final, by the protocol of OTLP: it is not tried again. One line is of
        # the traces, and one of the metrics.
        for status, lines in [(400, 2), (400, 2), (200, 2), (400, 4), (400, 4)]:
            receiver.status = status
            with telemetry(receiver.address), span("render.encode", workers=2):
                count("timeline_nb.cache.requests", cache="segments", result="hit")
            told = [one for one in caplog.records if one.levelno >= logging.WARNING]
            assert len(told) == lines, [one.getMessage() for one in told]
    assert "400" in told[-1].getMessage()


def test_what_somebody_else_exports_is_logged_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with OtlpReceiver() as receiver:
        receiver.status = 400
        with telemetry(receiver.address), span("render.encode", workers=2):
            pass
        caplog.clear()
        for _ in range(2):
            logging.getLogger("opentelemetry.sdk.trace.export").warning("theirs")
    assert [one.getMessage() for one in caplog.records].count("theirs") == 2


def test_traces_and_metrics_fail_each_for_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("opentelemetry.sdk.metrics._internal.export")
    FAILURES.watch()
    for signal in ("traces", "metrics", "traces"):
        FAILURES.worked(signal)
    for signal in ("traces", "metrics", "metrics", "traces"):
        with FAILURES.of(signal):
            log.warning("%s cannot be sent", signal)
            FAILURES.worked("metrics" if signal == "traces" else "")
    told = [one.getMessage() for one in caplog.records]
    assert told == ["traces cannot be sent", "metrics cannot be sent"]
