"""The notebook's stop button: an interrupt of a cell in a real kernel."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

jupyter_client = pytest.importorskip("jupyter_client")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
    # Sockets of the kernel's client are closed when they are collected.
    pytest.mark.filterwarnings("ignore"),
]
_LIMIT_S = 200

_HEAD = """
import sys
sys.path.insert(0, {tests!r})
import timeline_nb as tl
from references import footage
src = tl.open(footage("bikes.mp4"))
cut = tl.Edit("b", rate=25, size=(640, 272))
# Two minutes that look different each, which take long.
for number in range(12):
    cut.append(src.clip())
    cut.effects.add(cut.clips[-1].id, "brightness", amount=number / 50)
for number in range(10):
    cut.titles.add(f"title {{number}}", start=0, end="120s")
jobs = lambda: [job.status.value for job in src.studio._jobs]
"""


@pytest.fixture
def cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Run a cell, interrupt it after some seconds, and return its output and error."""
    monkeypatch.setenv("TIMELINE_NB_CACHE_DIR", str(tmp_path / "cache"))
    manager, client = jupyter_client.manager.start_new_kernel(
        kernel_name="python3", cwd=str(tmp_path)
    )

    def run(code: str, interrupt_s: float | None = None) -> tuple[str, str]:
        sent = client.execute(code)
        began, out, error = time.monotonic(), "", ""
        while True:
            message = client.get_iopub_msg(timeout=_LIMIT_S)
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream" and content["name"] == "stdout":
                out += content["text"]
            if kind == "error":
                error = content["ename"]
            if kind == "status" and content["execution_state"] == "idle":
                return out, error
            if interrupt_s is not None and "begins" in out:
                time.sleep(max(0.0, interrupt_s - (time.monotonic() - began)))
                manager.interrupt_kernel()
                interrupt_s = None

    try:
        run(_HEAD.format(tests=str(Path(__file__).parents[1])))
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


_ENDED = """
import time
end = time.monotonic() + 200
while "processing" in jobs() or "preparing" in jobs():
    assert time.monotonic() < end
    time.sleep(0.05)
print(jobs()[-1])
"""


def test_stopping_a_cell_cancels_what_it_waits_for(cell: Any, tmp_path: Path) -> None:
    code = "print('begins', flush=True); cut.render('film.mp4').wait()"
    assert cell(code, interrupt_s=1.5)[1] == "KeyboardInterrupt"
    assert cell(_ENDED) == ("cancelled\n", "")
    code = "print('begins', flush=True); src.detect()"
    assert cell(code, interrupt_s=1.5)[1] == "KeyboardInterrupt"
    assert cell(_ENDED) == ("cancelled\n", "")
    assert not list(tmp_path.glob("*.mp4"))
    # The kernel works as before.
    assert cell("print(cut.frame(1).shape)") == ("(272, 640, 3)\n", "")


def test_stopping_a_cell_that_awaits_leaves_the_job_running(cell: Any) -> None:
    code = "job = cut.render('film.mp4'); print('begins', flush=True); await job"
    _, error = cell(code, interrupt_s=1.5)
    assert error in {"KeyboardInterrupt", "CancelledError"}
    assert cell("print(job.status.value)")[0] in {"processing\n", "preparing\n"}
    assert cell("job.cancel()" + _ENDED) == ("cancelled\n", "")
