import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnx
import pytest
from models_factory import network, saved

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.progress import Progress
from timeline_nb.errors import JobCancelledError, RecognitionError
from timeline_nb.recognition.models.card import read_card
from timeline_nb.recognition.models.download import fetch
from timeline_nb.recognition.models.manifest import ModelEntry, manifest
from timeline_nb.recognition.models.registry import ModelRegistry
from timeline_nb.recognition.models.spec import ModelSpec

TABLE = {"out": np.zeros((1, 6, 100), np.float32)}


def changed(data: bytes, change: Any) -> bytes:
    model = onnx.load_model_from_string(data)
    change(model)
    return bytes(model.SerializeToString())


# Cards


def test_a_card_tells_what_the_exporter_wrote() -> None:
    facts = {
        "names": "{0: 'cat', 1: 'dog'}",
        "imgsz": "[480, 640]",
        "task": "pose",
        "kpt_shape": "[17, 3]",
    }
    card = read_card(network(TABLE, metadata=facts), "m.onnx")
    assert card.labels == ("cat", "dog")
    assert card.image_size == (640, 480)
    assert (card.task, card.keypoints) == ("pose", (17, 3))
    assert card.inputs == {"images": (1, 3, 64, 64)}
    assert card.outputs == {"out": (1, 6, 100)}
    as_json = read_card(network(TABLE, metadata={"names": '["a", "b"]'}), "m.onnx")
    assert as_json.labels == ("a", "b")


def test_metadata_is_read_and_never_run(tmp_path: Path) -> None:
    target = tmp_path / "owned"
    hostile = f"__import__('pathlib').Path({str(target)!r}).touch()"
    for text in (hostile, "(" * 5000, "{0: 'a', 5: 'b'}", "\x00"):
        data = network(TABLE, metadata={"names": text, "imgsz": text})
        with suppress(RecognitionError):
            _ = read_card(data, "m.onnx").labels
    assert not target.exists()


def test_weights_in_another_file_are_refused() -> None:
    def outside(model: Any) -> None:
        tensor = model.graph.initializer[1]
        tensor.data_location = onnx.TensorProto.EXTERNAL
        entry = tensor.external_data.add()
        entry.key, entry.value = "location", "../../etc/passwd"

    with pytest.raises(RecognitionError, match=r"'out_values' in .*passwd"):
        read_card(changed(network(TABLE), outside), "m.onnx")


def test_operators_of_foreign_libraries_are_refused() -> None:
    def foreign(model: Any) -> None:
        model.graph.node[0].domain = "com.evil"

    with pytest.raises(RecognitionError, match=r"operator com\.evil\.ReduceMean"):
        read_card(changed(network(TABLE), foreign), "m.onnx")


def test_what_hides_in_a_branch_is_seen_too() -> None:
    inner = onnx.helper.make_graph(
        [onnx.helper.make_node("Bad", ["x"], ["y"], domain="com.evil")], "in", [], []
    )

    def branch(model: Any) -> None:
        model.graph.node.append(
            onnx.helper.make_node("If", ["c"], ["z"], then_branch=inner)
        )

    with pytest.raises(RecognitionError, match=r"com\.evil\.Bad"):
        read_card(changed(network(TABLE), branch), "m.onnx")


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_a_file_cut_short_is_told_from_a_whole_one(keep: float) -> None:
    whole = network({"out": np.ones((1, 6, 5000), np.float32)})
    with pytest.raises(RecognitionError, match=r"cut short|no nodes|no input"):
        read_card(whole[: int(len(whole) * keep)], "m.onnx")


def test_an_input_that_is_no_picture_is_refused() -> None:
    with pytest.raises(RecognitionError, match=r"90000.*limit is 4,096 px"):
        read_card(network(TABLE, side=(90_000, 64)), "m.onnx")


# The registry


def test_a_model_is_added_in_one_call_and_used_by_name(tmp_path: Path) -> None:
    data = network(TABLE, metadata={"names": "['cat', 'dog']"})
    path = saved(tmp_path, data, "Mine.onnx")
    registry = ModelRegistry(tmp_path / "models")
    entry = registry.add(path, license="CC0")
    path.unlink()
    assert (entry.name, entry.license) == ("mine", "CC0")
    loaded = ModelRegistry(tmp_path / "models").load("mine")
    assert loaded.layout.name == "yolov8"
    assert loaded.layout.labels == ("cat", "dog")
    assert loaded.sha256 == sha256(data).hexdigest()
    assert "mine" in [known.name for known in registry.entries()]
    registry.remove("mine")
    with pytest.raises(RecognitionError, match="no model 'mine'"):
        registry.load("mine")


def test_what_the_file_does_not_say_is_kept_beside_it(tmp_path: Path) -> None:
    path = saved(tmp_path, network({"out": np.zeros((1, 84, 7), np.float32)}))
    registry = ModelRegistry(tmp_path / "models")
    spec = ModelSpec(layout="yolox-decoded", labels=("a", "b"))
    registry.add(path, name="mine", spec=spec)
    assert registry.load("mine").layout.name == "yolox-decoded"
    # What a call says wins.
    again = registry.load("mine", ModelSpec(layout="yolox"))
    assert again.layout.labels == ("class 0", "class 1")


def test_a_broken_model_is_not_added(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path / "models")
    with pytest.raises(RecognitionError, match=r"bad\.onnx is no ONNX"):
        registry.add(saved(tmp_path, b"\x08\x08" * 40, "bad.onnx"))
    with pytest.raises(RecognitionError, match="cannot name a model"):
        registry.add(saved(tmp_path, network(TABLE)), name="../up")
    with pytest.raises(RecognitionError, match="cannot name a model"):
        registry.add(saved(tmp_path, network(TABLE)), name=manifest().default)
    assert not (tmp_path / "models").exists()


def test_a_model_that_was_changed_on_disk_is_refused(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path / "models")
    entry = registry.add(saved(tmp_path, network(TABLE)), name="mine")
    registry.path_of(entry).write_bytes(network({"out": np.zeros((1, 7, 100))}))
    with pytest.raises(RecognitionError, match="is not the file that was added"):
        registry.load("mine")
    (tmp_path / "models" / "mine.json").write_text("{")
    with pytest.raises(RecognitionError, match=r"mine\.json cannot be read"):
        registry.entries()


def test_the_manifest_names_models_with_their_licence(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path)
    entries = {entry.name: entry for entry in registry.entries()}
    for family in ("yolox", "rt-detr", "d-fine", "nanodet"):
        assert any(name.startswith(family) for name in entries), family
    for entry in entries.values():
        assert entry.license.startswith(("Apache-2.0", "MIT"))
        assert len(entry.sha256) == 64
        assert entry.url.startswith("https://") or registry.is_here(entry)
    assert not registry.is_here(entries["yolox-nano"])
    with pytest.raises(RecognitionError, match="models pull yolox-nano"):
        registry.load("yolox-nano")
    assert len(entries["d-fine-n"].spec.labels) == 80


# Downloads


class Site(ThreadingHTTPServer):
    """Serves one file, as far as it is let."""

    data = b""
    breaks_after = 0
    ranges: list[str | None]
    ignores_ranges = False


class _Answer(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        data, first = self.server.data, 0
        if asked and not self.server.ignores_ranges:
            first = int(asked.removeprefix("bytes=").rstrip("-"))
            if first >= len(data):
                self.send_error(416)
                return
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(data) - first))
        self.end_headers()
        end = len(data)
        if self.server.breaks_after:
            end, self.server.breaks_after = first + self.server.breaks_after, 0
        self.wfile.write(data[first:end])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site(("127.0.0.1", 0), _Answer)
    server.ranges = []
    server.data = os.urandom(1_000_000)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def entry_for(site: Site, **fields: Any) -> ModelEntry:
    told = {
        "name": "far",
        "file": "far.onnx",
        "sha256": sha256(site.data).hexdigest(),
        "url": f"http://127.0.0.1:{site.server_port}/far.onnx",
        "size_bytes": len(site.data),
    }
    return msgspec.convert(told | fields, ModelEntry)


def test_a_model_is_fetched_once_with_progress(site: Site, tmp_path: Path) -> None:
    target = tmp_path / "models" / "far.onnx"
    heard: list[Progress] = []
    assert fetch(entry_for(site), target, Reporter(heard.append)) == target
    assert target.read_bytes() == site.data
    assert (heard[-1].done, heard[-1].total, heard[-1].unit) == (10**6, 10**6, "B")
    fetch(entry_for(site), target, Reporter())
    assert len(site.ranges) == 1


def test_what_broke_off_is_gone_on_with(site: Site, tmp_path: Path) -> None:
    target = tmp_path / "far.onnx"
    site.breaks_after = 600_000
    with pytest.raises(RecognitionError, match=r"cannot be downloaded .* try again"):
        fetch(entry_for(site), target, Reporter())
    assert not target.exists()
    fetch(entry_for(site), target, Reporter())
    assert target.read_bytes() == site.data
    assert site.ranges[0] is None
    assert site.ranges[1] is not None
    assert 0 < int(site.ranges[1][6:-1]) <= 600_000


def test_a_server_without_ranges_begins_anew(site: Site, tmp_path: Path) -> None:
    site.breaks_after, site.ignores_ranges = 300_000, True
    with pytest.raises(RecognitionError, match="cannot be downloaded"):
        fetch(entry_for(site), tmp_path / "far.onnx", Reporter())
    fetch(entry_for(site), tmp_path / "far.onnx", Reporter())
    assert (tmp_path / "far.onnx").read_bytes() == site.data


def test_another_file_than_was_pinned_is_thrown_away(
    site: Site, tmp_path: Path
) -> None:
    wrong = entry_for(site, sha256="0" * 64)
    with pytest.raises(RecognitionError, match="is not the model far"):
        fetch(wrong, tmp_path / "far.onnx", Reporter())
    assert not list(tmp_path.glob("*.onnx"))
    assert not list(tmp_path.glob(".*.part"))


def test_a_server_that_is_gone_and_a_cancelled_fetch(
    site: Site, tmp_path: Path
) -> None:
    gone = entry_for(site, url="http://127.0.0.1:9/far.onnx")
    with pytest.raises(RecognitionError, match=r"127\.0\.0\.1:9/far\.onnx"):
        fetch(gone, tmp_path / "far.onnx", Reporter())
    with pytest.raises(RecognitionError, match="has no address to download"):
        fetch(entry_for(site, url=""), tmp_path / "far.onnx", Reporter())
    reporter = Reporter()
    reporter.cancel()
    with pytest.raises(JobCancelledError):
        fetch(entry_for(site), tmp_path / "far.onnx", reporter)
    assert not (tmp_path / "far.onnx").exists()


def test_the_manifest_is_json_that_any_program_reads() -> None:
    root = Path(__file__).parents[3]
    told = json.loads((root / "models" / "manifest.json").read_text())
    assert told["default"] in [model["name"] for model in told["models"]]
