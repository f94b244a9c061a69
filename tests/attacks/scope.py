"""Paths that lead out of a scope, and races of readers with who swaps links for files.

`races` swaps links, folders, files and pipes while others open them through a scope;
`paths_tried` opens every path that should lead out, and that should not.
"""

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[1]))

from timeline_nb.access import no_links
from timeline_nb.access.scope import Scope
from timeline_nb.access.use import open_file, same_file, use_scope
from timeline_nb.core.file_limits import MAX_CUBE_BYTES, read_limited
from timeline_nb.errors import CompositionError, TimelineNbError

__all__ = ["PathFigures", "RaceFigures", "paths_tried", "races", "walking"]

FINE: Final = b"fine"
SECRET: Final = b"SECRET"
# Below the allowed folder; each is swapped for something that leads out.
_TARGETS: Final = (
    "swap/f",
    "folder/f",
    "file",
    "deep/a/b/f",
    "folder/../file",
    "gone/f",
)


@contextmanager
def walking(*, walk: bool) -> Iterator[None]:
    """Open without openat2 in the block, as on other systems, if `walk` is set."""
    if not walk:
        yield
        return
    with patch.object(no_links, "openat2_works", lambda: False):
        yield


@dataclass
class RaceFigures:
    """What a race came to.

    Args:
        fine: Files that were read, and were inside.
        refused: Openings that were refused, or found nothing.
        swaps: Of the attackers in this process.
        faults: What was read of outside, by the way of reading.
    """

    fine: int = 0
    refused: int = 0
    swaps: int = 0
    faults: list[str] = field(default_factory=list)


def races(seconds: float, seed: int, *, walk: bool = False) -> RaceFigures:
    """Open files through a scope while a thread and a process swap them.

    Args:
        seconds: How long.
        seed: Of what is swapped and opened when.
        walk: Whether files are opened without openat2.
    """
    figures = RaceFigures()
    base = Path(tempfile.mkdtemp(prefix="scope-races-")).resolve()
    try:
        for name in ("media", "process"):
            _plant(base / name, FINE)
        _plant(base / "evil", SECRET)
        # Links are resolved when a person names a folder: before anything is swapped.
        scope = Scope([base / "media", base / "process"])
        ended = threading.Event()
        thread = threading.Thread(
            target=_swap_until,
            args=(base / "media", base / "evil", seed, ended.is_set, figures),
        )
        command = [sys.executable, __file__, str(base), str(seed), str(seconds + 5)]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
            thread.start()
            with walking(walk=walk):
                end = time.monotonic() + seconds
                _read_until(scope, base, end, seed, figures)
            ended.set()
            thread.join()
            process.kill()
    finally:
        shutil.rmtree(base, ignore_errors=True)
    return figures


def _plant(root: Path, data: bytes) -> None:
    for folder in ("folder", "deep/a/b", "real", "gone"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for file in ("folder/f", "deep/a/b/f", "real/f", "gone/f", "f", "file"):
        (root / file).write_bytes(data)
    (root / "swap").symlink_to("real")


def _swap_until(
    root: Path, evil: Path, seed: int, ended: Callable[[], bool], figures: RaceFigures
) -> None:
    """Swap what lies below a folder for links that lead out, and back."""
    drawn = random.Random(seed)
    swaps: list[Callable[[Path, Path], None]] = [
        _swap_link,
        _swap_folder,
        _swap_file,
        _swap_parent,
        _swap_root,
        _swap_pipe,
    ]
    while not ended():
        with suppress(OSError):
            drawn.choice(swaps)(root, evil)
        figures.swaps += 1


def _relink(link: Path, target: str | Path) -> None:
    new = link.with_name(f"{link.name}.new{threading.get_ident()}")
    new.symlink_to(target)
    new.replace(link)


def _swap_link(root: Path, evil: Path) -> None:
    for target in ("real", evil, "../evil", "real", f"/proc/self/root{evil}", "real"):
        _relink(root / "swap", target)


def _swapped(place: Path, evil: Path) -> None:
    """Put a link in the place of a file or folder for a moment."""
    aside = place.with_name(f"{place.name}.aside")
    place.rename(aside)
    try:
        place.symlink_to(evil)
    finally:
        with suppress(OSError):
            place.unlink()
        aside.rename(place)


def _swap_folder(root: Path, evil: Path) -> None:
    _swapped(root / "folder", evil / "folder")


def _swap_file(root: Path, evil: Path) -> None:
    _swapped(root / "file", evil / "file")


def _swap_parent(root: Path, evil: Path) -> None:
    _swapped(root / "deep", evil / "deep")


def _swap_root(root: Path, evil: Path) -> None:
    _swapped(root, evil)


def _swap_pipe(root: Path, _: Path) -> None:
    place = root / "gone" / "f"
    place.unlink()
    os.mkfifo(place)
    place.unlink()
    place.write_bytes(FINE)


def _read_until(
    scope: Scope, base: Path, end: float, seed: int, figures: RaceFigures
) -> None:
    drawn = random.Random(seed + 1)
    while time.monotonic() < end:
        root = base / drawn.choice(("media", "process"))
        path = f"{root}/{drawn.choice(_TARGETS)}"
        way = drawn.choice(_WAYS)
        try:
            data = way(scope, path)
        except (OSError, TimelineNbError):
            figures.refused += 1
            continue
        if SECRET in data:
            figures.faults.append(f"{way.__name__} {path}")
        else:
            figures.fine += 1


def _by_scope(scope: Scope, path: str) -> bytes:
    with os.fdopen(scope.open(path), "rb") as file:
        return file.read()


def _by_reader(scope: Scope, path: str) -> bytes:
    with use_scope(scope), open_file(path) as file:
        return file.read()


def _by_limit(scope: Scope, path: str) -> bytes:
    with use_scope(scope):
        return read_limited(path, MAX_CUBE_BYTES, CompositionError)


def _by_name(scope: Scope, path: str) -> bytes:
    with use_scope(scope), same_file(path) as name:
        return Path(name).read_bytes()


_WAYS: Final = (_by_scope, _by_reader, _by_limit, _by_name)


@dataclass
class PathFigures:
    """What became of paths.

    Args:
        opened: Those that opened, as they should.
        refused: Those that were refused, as they should.
        faults: The others.
    """

    opened: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)


def paths_tried(*, walk: bool = False) -> PathFigures:
    """Open every path of the list that leads out of a folder, and every one that stays.

    Args:
        walk: Whether files are opened without openat2.
    """
    figures = PathFigures()
    base = Path(tempfile.mkdtemp(prefix="scope-paths-")).resolve()
    try:
        with planted(base) as root, walking(walk=walk):
            scope = Scope([root])
            for path, opens in listed(base, root):
                try:
                    data = _by_scope(scope, path)
                except (OSError, ValueError):
                    data = None
                if (data == FINE) is not opens or data == SECRET:
                    figures.faults.append(f"{path!r}: {data!r}")
                elif opens:
                    figures.opened += 1
                else:
                    figures.refused += 1
    finally:
        shutil.rmtree(base, ignore_errors=True)
    return figures


@contextmanager
def planted(base: Path) -> Iterator[Path]:
    """Make `base/media` with files, links, a pipe and a socket, and secrets beside."""
    root = base / "media"
    for folder in ("sub", ".ssh", "Case", "a/b/c"):
        (root / folder).mkdir(parents=True)
    (base / "media-private").mkdir()
    secrets = ("secret", "media-private/x", "media/.ssh/id", "media/.env", "media/a/.x")
    for name in secrets:
        (base / name).write_bytes(SECRET)
    odd = (
        "f",
        "sub/f",
        " f ",
        "f...",
        "http:",
        "Case/F",
        "a/b/c/f",
        "\udcff",
        "-",
        "#",
    )
    for name in odd:
        (root / name).write_bytes(FINE)
    links: dict[str, str | Path] = {
        "out": base / "secret",
        "out_folder": base,
        "relative": "../secret",
        "inner": "sub/f",
        "whole": root / "sub/f",
        "inner_folder": "sub",
        "chain": "out",
        "chain_folder": "out_folder/media",
        "loop": "loop",
        "hop": "skip",
        "skip": "hop",
        "hidden": ".ssh/id",
        "hidden_folder": ".ssh",
        "magic": "/proc/self/root",
        "here": "/proc/self/cwd",
        "environ": "/proc/self/environ",
        "memory": "/proc/self/mem",
        "zero": "/dev/zero",
        "input": "/dev/stdin",
        "nowhere": base / "missing",
        "up": "..",
        "long": "/".join([".."] * 40) + str(base / "secret"),
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe")
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(root)
        try:
            server.bind("socket")
        finally:
            os.chdir(here)
        yield root


def listed(base: Path, root: Path) -> Iterator[tuple[str, bool]]:
    """Yield paths, and whether they may be opened."""
    inside = (
        "f|sub/f|./f|/f|sub/../f|sub/./../sub/f|f/| f |f...|http:"
        "|Case/F|a/b/c/f|-|#|inner"
        "|whole|inner_folder/f|inner_folder/../f|chain_folder/f|out_folder/media/f"
        "|up/media/f|\udcff|../media/f|a/b/c/../../../f|magic" + f"{root}/f"
    )
    for name in inside.split("|"):
        yield f"{root}/{name}", True
    yield f"/proc/self/root{root}/f", True
    outside = (
        "out|out/|out_folder/secret|relative|chain|loop|hop|hidden|hidden_folder/id"
        "|magic/etc/passwd|here/secret|environ|memory|zero|input|nowhere|up/secret|long"
        "|../secret|sub/../../secret|a/b/c/../../../../secret|inner_folder/../../secret"
        "|.env|.ssh/id|./.env|a/.x|sub/../.env|pipe|socket|sub|sub/|.||f/..|f/x"
        "|case/f|F|f |http://host/f|missing|f\0|f\0.png|\ud800|../media-private/x"
        "|%2e%2e/secret|..%2fsecret|..\\secret|~root/.profile|$HOME/f|*|f:$DATA"
    )
    for name in outside.split("|"):
        yield f"{root}/{name}", False
    yield f"{root}/{'x' * 256}", False
    yield f"{root}/{'x/' * 3000}f", False
    yield f"{root}/{'../' * 2000}{base}/secret", False
    for path in (
        f"{base}/secret",
        f"{root}-private/x",
        f"{base}/media/../secret",
        f"/proc/self/root{base}/secret",
        f"/proc/self/cwd/../../../../../../..{base}/secret",
        f"/proc/{os.getpid()}/root{base}/secret",
        "/proc/self/environ",
        "/proc/self/maps",
        "/proc/self/fd/0",
        "/proc/self/fd/1",
        "/proc/thread-self/environ",
        "/sys/kernel/notes",
        "/dev/zero",
        "/dev/null",
        "/dev/fd/0",
        "/dev/stdin",
        "/dev/tty",
        "/etc/passwd",
        "/",
        "//",
        "",
        ".",
        "..",
        "~",
    ):
        yield path, False
    for scheme in ("file", "http", "https", "ftp", "smb", "data", "pipe", "fd"):
        yield f"{scheme}:{base}/secret", False
        yield f"{scheme}://{base}/secret", False
        yield f"{scheme}:{root}/f", False
    for text in (
        f"concat:{root}/f|{base}/secret",
        f"concatf:{base}/secret",
        f"subfile,,start,0,end,6,,:{base}/secret",
        f"crypto+file:{base}/secret",
        f"async:file:{base}/secret",
        f"cache:{base}/secret",
        "pipe:0",
        "fd:",
        "\\\\host\\share\\f",
        "\\\\?\\C:\\f",
    ):
        yield text, False


def _attack_alone(base: Path, seed: int, seconds: float) -> None:
    """Swap until the time is over; the process that started it kills this one."""
    end = time.monotonic() + seconds
    _swap_until(
        base / "process",
        base / "evil",
        seed,
        lambda: time.monotonic() > end,
        RaceFigures(),
    )


if __name__ == "__main__":
    _attack_alone(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
