import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import watched_locks
from hypothesis import HealthCheck, settings
from media_factory import Clips
from references import allowed_folders, footage

from timeline_nb.media.library import MediaLibrary
from timeline_nb.security import passphrase

# A shell has what it starts in the background ignore interrupts, and so would the
# processes that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Before modules of tests are collected: some list what the catalog has, and that must
# not depend on the plugins that somebody installed.
_OWN = Path(tempfile.mkdtemp(prefix="timeline_nb_tests_"))
atexit.register(shutil.rmtree, _OWN, ignore_errors=True)
os.environ["TIMELINE_NB_CACHE_DIR"] = str(_OWN)
os.environ["TIMELINE_NB_DATA_DIR"] = str(_OWN / "data")

# How long an example takes says more of the machine than of the code. The examples are
# the same in each run, which a change of another part can so not break by chance; new
# ones are drawn by `--hypothesis-profile=drawn`, as `make test-all` does.
settings.register_profile(
    "drawn", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("same", settings.get_profile("drawn"), derandomize=True)
settings.load_profile("same")


@pytest.fixture(scope="session", autouse=True)
def _allowed_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        roots = allowed_folders(tmp_path_factory.getbasetemp())
        patch.setenv("TIMELINE_NB_ROOTS", roots)
        yield


@pytest.fixture(autouse=True)
def _no_passphrase_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the passphrase that a test before took out of the environment.

    A process keeps it on purpose, and the vaults of the next test are not of it.
    """
    monkeypatch.setattr(passphrase, "_taken", passphrase._Taken())


@pytest.fixture(autouse=True)
def _locks_in_order() -> Iterator[None]:
    """Fail a test that takes locks in two orders, or calls out under one."""
    yield
    faults = watched_locks.faults()
    assert not faults, "\n\n".join(faults)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    """Generated clips whose every frame carries its own number."""
    return Clips(tmp_path_factory.mktemp("clips"))


@pytest.fixture
def library(tmp_path: Path) -> MediaLibrary:
    return MediaLibrary(tmp_path / "cache")


@pytest.fixture(scope="session")
def bikes() -> Path:
    """Ten seconds of a street: 640 x 272, 25 fps, no sound."""
    return footage("bikes.mp4")


@pytest.fixture(scope="session")
def bunny() -> Path:
    """Five seconds of animation: 1280 x 720, 25 fps, 5.1 AAC at 48 kHz."""
    return footage("bigbuckbunny.mp4")
