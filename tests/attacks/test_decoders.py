"""A decoder that crashes, hangs or grows costs its file, and nothing else."""

import gc
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from attacks.decoders import AT, FAULTS, Remains, faulty_decoders, killed_decoders
from media_factory import Clips, read_number
from states import until

from timeline_nb.errors import MediaError
from timeline_nb.media.apart.isolation import Isolation
from timeline_nb.media.apart.pool import POOL
from timeline_nb.media.library import MediaLibrary

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no processes apart")

ALWAYS = Isolation("always")
WORDS = {
    "crashes": "crashed (SIGSEGV)",
    "aborts": "crashed (SIGABRT)",
    "hangs": "gave no answer in 3 s",
    "spins": "gave no answer in 3 s",
    "grows": "needs more than 600,000,000 bytes of memory",
    "lies": "sent another picture",
    "leaves": "ended, with the code 3",
}
# Faults that are ended in the same way as others.
TWINS = {"aborts", "hangs"}


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TIMELINE_NB_MAX_DECODER_BYTES", "600_000_000")
    (tmp_path / "hook").mkdir()
    with faulty_decoders(tmp_path / "hook"):
        yield


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=[pytest.mark.whole] if fault in TWINS else [])
        for fault in FAULTS
    ],
)
def test_a_fault_of_a_decoder_is_an_error_of_its_file(
    fault: str, clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shutil.copy(clips["cfr"], tmp_path / f"{fault}.mp4")
    library = MediaLibrary(tmp_path / "cache", isolation=ALWAYS)
    with library.video(path) as decoder, library.video(clips["vfr"]) as other:
        assert read_number(decoder.frame(AT - 3).to_rgb()) == AT - 3
        with monkeypatch.context() as patch:
            if "gave no answer" in WORDS[fault]:
                patch.setenv("TIMELINE_NB_MAX_DECODER_SECONDS", "3")
            with pytest.raises(MediaError) as raised:
                decoder.frame(AT)
        assert str(path) in str(raised.value)
        assert WORDS[fault] in str(raised.value)
        # Others go on.
        assert read_number(other.frame(20).to_rgb()) == 20


@pytest.mark.usefixtures("faulty")
def test_a_file_that_broke_its_decoder_is_not_tried_until_it_changes_or_one_asks(
    clips: Clips, tmp_path: Path
) -> None:
    path = shutil.copy(clips["cfr"], tmp_path / "crashes.mp4")
    library = MediaLibrary(tmp_path / "cache", isolation=ALWAYS)
    with library.video(path) as decoder, pytest.raises(MediaError, match="SIGSEGV"):
        decoder.frame(AT)
    for same in (library, MediaLibrary(tmp_path / "cache", isolation=ALWAYS)):
        with pytest.raises(MediaError, match="not tried again"):
            same.video(path)
    library.try_again(path)
    with library.video(path) as decoder:
        decoder.frame(AT - 1)
        with pytest.raises(MediaError, match="SIGSEGV"):
            decoder.frame(AT)
    with pytest.raises(MediaError, match="not tried again"):
        library.video(path)
    shutil.copy(clips["bframes"], path)
    with library.video(path) as decoder:
        assert read_number(decoder.frame(AT - 1).to_rgb()) == AT - 1


def test_kills_at_random_moments_give_right_frames_or_errors_with_the_name(
    clips: Clips, tmp_path: Path
) -> None:
    path = clips["bframes"]
    found = killed_decoders(5, 1, path, tmp_path / "cache")
    assert found.kills >= 5
    assert found.frames
    assert not found.wrong
    assert all(str(path) in error for error in found.errors)


def test_nothing_is_left_behind(clips: Clips, tmp_path: Path) -> None:
    POOL.close()
    gc.collect()
    before = Remains.now()
    assert before.children == before.shared == 0
    killed_decoders(2, 2, clips["cfr"], tmp_path / "cache")
    library = MediaLibrary(tmp_path / "cache", isolation=ALWAYS)
    held = [library.video(clips["cfr"]) for _ in range(3)]
    assert Remains.now().children >= 3
    assert all(read_number(one.frame(9).to_rgb()) == 9 for one in held)
    for one in held:
        one.close()
    POOL.close()
    gc.collect()
    left = Remains.now()
    assert (left.children, left.shared) == (before.children, before.shared)
    # Tests before this one may still close theirs.
    assert left.descriptors <= before.descriptors


def test_processes_end_with_the_kernel_though_their_decoder_spins(
    clips: Clips, tmp_path: Path
) -> None:
    path = shutil.copy(clips["cfr"], tmp_path / "spins.mp4")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from attacks.decoders import faulty_decoders\n"
        "from timeline_nb.media.apart.isolation import Isolation\n"
        "from timeline_nb.media.apart.pool import POOL\n"
        "from timeline_nb.media.library import MediaLibrary\n"
        "with faulty_decoders(Path(sys.argv[3])):\n"
        "    library = MediaLibrary(Path(sys.argv[3]), isolation=Isolation('always'))\n"
        "    decoder = library.video(sys.argv[2])\n"
        "    print(*POOL.pids, flush=True)\n"
        "    decoder.frame(7)\n"
    )
    kernel = subprocess.Popen(
        [
            *(sys.executable, "-c", code, str(Path(__file__).parents[1])),
            *(str(path), str(tmp_path)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert kernel.stdout is not None
    with kernel, kernel.stdout:
        pids = [int(pid) for pid in kernel.stdout.readline().split()]
        assert pids
        assert all(psutil.pid_exists(pid) for pid in pids)
        time.sleep(0.3)
        kernel.kill()
    until(lambda: not any(_runs(pid) for pid in pids))


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
