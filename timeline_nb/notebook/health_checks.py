"""What a studio needs, and how each of it is proved."""

import shutil
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Final

import numpy as np

from timeline_nb.core.telemetry.health import CheckWarning, HealthCheck
from timeline_nb.core.worker_threads import threads_left_behind
from timeline_nb.errors import MediaError, RenderError
from timeline_nb.notebook.server_check import jupyter_server_checks
from timeline_nb.studio import Studio

__all__ = ["checks_of"]

_LITTLE_BYTES: Final = 2_000_000_000
_TOO_LITTLE_BYTES: Final = 200_000_000
_QUICK_S: Final = 2.0
_SLOW_S: Final = 20.0


def checks_of(studio: Studio) -> list[HealthCheck]:
    """Return the checks of a studio: each does a little of the real work."""
    settings = studio.settings
    return [
        HealthCheck(
            "cache", lambda: _prove_folder(settings.cache_dir, "cache_dir"), _QUICK_S
        ),
        HealthCheck(
            "data", lambda: _prove_folder(settings.data_dir, "data_dir"), _QUICK_S
        ),
        HealthCheck("disk", lambda: _look_at_disk(settings.cache_dir), _QUICK_S),
        HealthCheck("decoder", lambda: _prove_decoder(studio), _SLOW_S),
        HealthCheck("encoder", _prove_encoder, _SLOW_S),
        HealthCheck("detector", lambda: _prove_detector(studio), _SLOW_S),
        HealthCheck("keyring", _prove_keyring, 12.0),
        HealthCheck("queue", lambda: _prove_queue(studio), _QUICK_S),
        *(studio.health_checks or jupyter_server_checks()),
    ]


def _prove_folder(folder: Path, setting: str) -> str:
    try:
        _write_and_read(folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise RenderError(
            f"{folder} cannot be written ({why}): free it, or give another folder by "
            f"tl.Settings({setting}=...)"
        ) from None
    return f"{folder} can be written"


def _write_and_read(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path, written = folder / f".health-{token_hex(8)}", token_bytes(4096)
    try:
        path.write_bytes(written)
        if path.read_bytes() != written:
            raise OSError("it does not keep what is written to it")
    finally:
        # The folder may be none; what is wrong is known by then.
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _look_at_disk(folder: Path) -> str:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:.1f} GB free at {there}"
    if free < _TOO_LITTLE_BYTES:
        raise RenderError(f"{found}: renders will fail; free space there")
    if free < _LITTLE_BYTES:
        raise CheckWarning(f"{found}: a long render may fail; free space there")
    return found


def _prove_decoder(studio: Studio) -> str:
    from timeline_nb.media.self_test import prove_decoder

    return prove_decoder(studio.library, studio.settings.cache_dir)


def _prove_encoder() -> str:
    from timeline_nb.render.encoders import ENCODERS, tried_now

    results = [tried_now(encoder) for encoder in ENCODERS["h264"]]
    working = [result.name for result in results if result.works]
    if not working:
        why = "; ".join(f"{result.name} {result.verdict}" for result in results)
        raise RenderError(f"no encoder of H.264 works: {why}")
    return f"{', '.join(working)} encoded a frame"


def _prove_detector(studio: Studio) -> str:
    from timeline_nb.recognition.inference.detector import Detector

    detector = studio.detector()
    if not isinstance(detector, Detector):
        raise MediaError(f"{detector.name} is no network")
    gray = np.full((96, 128, 3), 128, np.uint8)
    found = detector.detect_image(gray)
    count = len(found.found.scores)
    if count:
        raise MediaError(f"{detector.name} finds {count} objects on a plain gray")
    # Those before it could not be used; the last one is.
    used = detector.providers[-1].partition(":")[0]
    return f"{detector.name} searched a picture on {used}"


def _prove_keyring() -> str:
    from timeline_nb.security.system_keyring import SystemKeyring

    fault = SystemKeyring().fault()
    if fault:
        raise CheckWarning(f"{fault}: the vault asks for a passphrase instead")
    return "the system's keyring keeps a secret"


def _prove_queue(studio: Studio) -> str:
    jobs, at_once = studio.queue.jobs, studio.queue.at_once
    running, waiting = min(len(jobs), at_once), max(0, len(jobs) - at_once)
    found = f"{running} of {at_once} jobs run, {waiting} wait"
    # It does not wait for its turn: what is proved is that threads take work.
    studio.start("check queue", lambda _: None, waits=True).wait(_QUICK_S)
    stuck = threads_left_behind()
    if stuck:
        raise CheckWarning(
            f"{found}; {len(stuck)} threads are stuck: restart the kernel to free "
            "what they hold"
        )
    return found
