"""What a scope opens and refuses: with openat2 of Linux, and with the walk."""

import errno
import os
import pickle
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from timeline_nb.access import no_links
from timeline_nb.access.scope import Scope
from timeline_nb.access.use import open_file, scope_in_use, use_scope
from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import AccessError, MediaError

FINE, SECRET = b"fine", b"SECRET"


@pytest.fixture(params=["openat2", "walk"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "walk":
        monkeypatch.setattr(no_links, "openat2_works", lambda: False)
    elif not no_links.openat2_works():
        pytest.skip("the kernel has no openat2")
    return str(request.param)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Path]:
    """Return a folder with `media`, which is allowed, and secrets beside it."""
    base = tmp_path.resolve()
    root = base / "media"
    (root / "sub").mkdir(parents=True)
    (root / ".ssh").mkdir()
    (base / "media-private").mkdir()
    for secret in ("secret.mp4", "media-private/x.mp4", "media/.ssh/id", "media/.env"):
        (base / secret).write_bytes(SECRET)
    for fine in ("a.mp4", "sub/b.mp4", " spaces .mp4", "dots...", "concat:a.mp4"):
        (root / fine).write_bytes(FINE)
    links: dict[str, str | Path] = {
        "out.mp4": base / "secret.mp4",
        "outdir": base,
        "relative.mp4": "../secret.mp4",
        "in.mp4": "sub/b.mp4",
        "absolute_in.mp4": root / "sub/b.mp4",
        "loop.mp4": "loop.mp4",
        "first.mp4": "second.mp4",
        "second.mp4": "first.mp4",
        "proc.mp4": "/proc/self/root/etc/passwd",
        "chain.mp4": "out.mp4",
        "hidden.mp4": ".ssh/id",
        "subdir": "sub",
        "nowhere.mp4": base / "missing.mp4",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe.mp4")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(root)
        server.bind("socket.mp4")
        os.chdir(here)
        yield base


def content(scope: Scope, path: str | Path) -> bytes:
    with os.fdopen(scope.open(path), "rb") as file:
        return file.read()


@pytest.mark.parametrize(
    "name",
    [
        "a.mp4",
        "sub/b.mp4",
        "sub/../a.mp4",
        "/a.mp4",
        "./a.mp4",
        "in.mp4",
        "absolute_in.mp4",
        "subdir/b.mp4",
        "outdir/media/a.mp4",
        "../media/a.mp4",
        " spaces .mp4",
        "dots...",
        "concat:a.mp4",
    ],
)
@pytest.mark.usefixtures("way")
def test_files_of_the_folder_open(base: Path, name: str) -> None:
    scope = Scope([base / "media"])
    path = f"{base}/media/{name}"
    assert not scope.reason(path)
    assert content(scope, path) == FINE


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("{root}/out.mp4", "outside"),
        ("{root}/relative.mp4", "outside"),
        ("{root}/chain.mp4", "outside"),
        ("{root}/nowhere.mp4", "outside"),
        ("{root}/outdir/secret.mp4", "outside"),
        ("{root}/../secret.mp4", "outside"),
        ("{root}/sub/../../secret.mp4", "outside"),
        ("{root}/subdir/../../secret.mp4", "outside"),
        ("{root}-private/x.mp4", "outside"),
        ("{base}/secret.mp4", "outside"),
        ("/etc/passwd", "outside"),
        ("/", "outside"),
        ("..", "outside"),
        ("~/a.mp4", "outside"),
        ("{root}/proc.mp4", "outside"),
        ("/proc/self/root{base}/secret.mp4", "outside"),
        ("/proc/self/environ", "system's own"),
        ("/proc/self/fd/0", ""),
        ("/dev/zero", "system's own"),
        ("/dev/fd/0", ""),
        ("/sys/kernel/version", "system's own"),
        ("{root}/a.mp4\0.png", "NUL"),
        ("{root}/\ud800.mp4", "surrogate"),
        ("", "empty"),
        ("http://127.0.0.1/a.mp4", "address"),
        ("concat:{root}/a.mp4|{base}/secret.mp4", "address"),
        ("file:{root}/a.mp4", "address"),
        ("{root}", "folder"),
        ("{root}/sub", "folder"),
        ("{root}/sub/", "folder"),
        ("{root}/pipe.mp4", "pipe"),
        ("{root}/socket.mp4", "socket"),
        ("{root}/.ssh/id", "hidden"),
        ("{root}/.env", "hidden"),
        ("{root}/hidden.mp4", "hidden"),
        ("{root}/sub/../.env", "hidden"),
    ],
)
@pytest.mark.usefixtures("way")
def test_all_else_is_refused_with_a_reason(base: Path, name: str, why: str) -> None:
    scope = Scope([base / "media"])
    path = name.format(root=base / "media", base=base)
    with pytest.raises(AccessError) as refusal:
        scope.open(path)
    assert why in str(refusal.value)
    assert scope.reason(path) == str(refusal.value)
    with pytest.raises(AccessError):
        scope.check(path)
    with pytest.raises(AccessError):
        scope.check_output(path)


@pytest.mark.parametrize("name", ["loop.mp4", "first.mp4", "a.mp4/x", "x" * 300])
@pytest.mark.usefixtures("way")
def test_what_does_not_open_is_an_error_of_the_system_or_ours(
    base: Path, name: str
) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - of whatever number
        Scope([base / "media"]).open(base / "media" / name)


@pytest.mark.usefixtures("way")
def test_a_file_that_is_missing_is_missing(base: Path) -> None:
    scope = Scope([base / "media"])
    assert not scope.reason(base / "media" / "missing.mp4")
    with pytest.raises(FileNotFoundError):
        scope.open(base / "media" / "missing.mp4")
    # Of what lies outside, it is not said whether it is there.
    reasons = {
        scope.reason(base / name).replace(name, "X")
        for name in ("secret.mp4", "missing.mp4")
    }
    assert len(reasons) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs other rights on Windows")
def test_a_hard_link_cannot_be_told_from_a_file(base: Path) -> None:
    (base / "media" / "hard.mp4").hardlink_to(base / "secret.mp4")
    assert content(Scope([base / "media"]), base / "media" / "hard.mp4") == SECRET


@pytest.mark.usefixtures("way")
def test_a_folder_is_allowed_with_all_below(base: Path) -> None:
    scope = Scope()
    assert not scope.contains(base / "media")
    scope.allow(base / "media")
    assert scope.contains(base / "media")
    assert scope.contains(base / "media" / "new" / "film.mp4")
    assert scope.roots == (base / "media",)
    assert not scope.contains(base / "secret.mp4")


@pytest.mark.usefixtures("way")
def test_a_file_is_allowed_alone(base: Path) -> None:
    scope = Scope()
    scope.allow(base / "secret.mp4")
    assert content(scope, base / "secret.mp4") == SECRET
    # A link leads to it, and it is what was named.
    assert content(scope, base / "media" / "out.mp4") == SECRET
    assert scope.reason(base / "media" / "a.mp4")
    # A name goes for its folder's hidden files, too.
    scope.allow(base / "media" / ".env")
    assert content(scope, base / "media" / ".env") == SECRET
    assert scope.reason(base / "media" / ".ssh" / "id")


@pytest.mark.usefixtures("way")
def test_a_folder_below_a_hidden_one_is_allowed(base: Path) -> None:
    scope = Scope([base / "media", base / "media" / ".ssh"])
    assert content(scope, base / "media" / ".ssh" / "id") == SECRET
    assert scope.reason(base / "media" / ".env")


@pytest.mark.usefixtures("way")
def test_a_named_link_that_is_led_elsewhere_is_refused(base: Path) -> None:
    scope = Scope()
    link = base / "latest.mp4"
    link.symlink_to(base / "media" / "a.mp4")
    scope.allow(link)
    assert content(scope, link) == FINE
    link.unlink()
    link.symlink_to(base / "secret.mp4")
    assert "leads to" in scope.reason(link)
    with pytest.raises(AccessError):
        scope.open(link)


@pytest.mark.usefixtures("way")
def test_a_root_that_becomes_a_link_leads_nowhere(base: Path) -> None:
    scope = Scope([base / "media"])
    (base / "media").rename(base / "old")
    (base / "media").symlink_to(base / "media-private")
    with pytest.raises(AccessError):
        scope.open(base / "media" / "x.mp4")


@pytest.mark.usefixtures("way")
def test_a_folder_of_the_path_that_becomes_a_link_in_between(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope([base / "media"])
    (base / "media" / "sub" / "x.mp4").write_bytes(FINE)

    def swap(real: str) -> int:
        (base / "media" / "sub").rename(base / "gone")
        (base / "media" / "sub").symlink_to(base / "media-private")
        return no_links.open_without_links(real)

    monkeypatch.setattr("timeline_nb.access.scope.open_without_links", swap)
    with pytest.raises(AccessError, match="link"):
        scope.open(base / "media" / "sub" / "x.mp4")


@pytest.mark.usefixtures("way")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope([base / "media"])

    def swap(real: str) -> int:
        (base / "media" / "pipe.mp4").replace(real)
        return no_links.open_without_links(real)

    monkeypatch.setattr("timeline_nb.access.scope.open_without_links", swap)
    with pytest.raises(AccessError, match="pipe"):
        scope.open(base / "media" / "a.mp4")


def test_other_cases_of_a_name_are_the_same_folder_if_the_system_says_so(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope([base / "media"])
    scope.allow(base / "secret.mp4")
    assert not scope.contains(base / "MEDIA" / "a.mp4")
    assert not scope.contains(base / "Secret.mp4")
    # A disk that does not tell them apart.
    monkeypatch.setattr(
        Path, "samefile", lambda a, b: str(a).casefold() == str(b).casefold()
    )
    assert scope.contains(base / "MEDIA" / "a.mp4")
    assert scope.contains(base / "Secret.mp4")
    assert not scope.contains(base / "MEDIA" / ".env")
    assert not scope.contains(base / "MEDIA-private" / "x.mp4")


def test_relative_paths_are_of_the_working_folder(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(base / "media")
    scope = Scope(["."])
    assert content(scope, "a.mp4") == FINE
    assert content(scope, "concat:a.mp4") == FINE
    assert scope.reason("../secret.mp4")
    monkeypatch.chdir(base)
    assert scope.reason("secret.mp4")
    assert content(scope, "media/a.mp4") == FINE


def test_outputs(base: Path) -> None:
    scope = Scope([base / "media"])
    scope.check_output(base / "media" / "new.mp4")
    scope.check_output(base / "media" / "a.mp4")
    with pytest.raises(AccessError, match="written"):
        scope.check_output(base / "new.mp4")
    # The file that a link leads to would be written.
    with pytest.raises(AccessError):
        scope.check_output(base / "media" / "nowhere.mp4")


def test_a_copy_in_another_process_allows_the_same(base: Path) -> None:
    scope = Scope([base / "media"])
    scope.allow(base / "secret.mp4")
    other = pickle.loads(pickle.dumps(scope))  # noqa: S301 - our own bytes
    assert (other.roots, other.files) == (scope.roots, scope.files)
    assert content(other, base / "secret.mp4") == SECRET


def test_readers_open_under_the_scope_in_use(base: Path) -> None:
    with open_file(base / "secret.mp4") as file:
        assert file.read() == SECRET
    with use_scope(Scope([base / "media"])) as _, pytest.raises(AccessError):
        open_file(base / "secret.mp4")
    assert scope_in_use() is None
    with pytest.raises(AccessError, match="pipe"):
        open_file(base / "media" / "pipe.mp4")
    with pytest.raises(AccessError, match="folder"):
        open_file(base / "media")


def test_the_error_is_one_of_the_system_and_survives_a_pickle(base: Path) -> None:
    scope = Scope()
    with pytest.raises(PermissionError) as refusal:
        scope.open(base / "secret.mp4")
    error = refusal.value
    assert error.errno == errno.EACCES
    assert str(base) not in str(error.strerror).partition("tl.allow")[0]
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(again), again.strerror) == (str(error), error.strerror)
    with (
        pytest.raises(MediaError, match=r"secret\.mp4 cannot be read: it lies outside"),
        file_errors(base / "secret.mp4", MediaError, verb="read"),
    ):
        scope.open(base / "secret.mp4")


def test_own_folders_hold_files_with_hidden_names(base: Path) -> None:
    (base / "cache").mkdir()
    (base / "cache" / ".film.partial").write_bytes(FINE)
    (base / "root").mkdir(exist_ok=True)
    (base / "root" / ".film.partial").write_bytes(SECRET)
    scope = Scope([base / "root"], own=[base / "cache"])
    assert scope.reason(base / "cache" / ".film.partial") == ""
    assert "is hidden" in scope.reason(base / "root" / ".film.partial")


@pytest.mark.parametrize(
    ("path", "file", "folder"),
    [
        ("/etc/passwd", True, False),
        ("/usr/share/a.png", True, False),
        ("/a.mp4", True, False),
        ("/mnt/films/a.mp4", True, True),
        ("/mnt/films/notes", True, False),
        ("/mnt/.private/a.png", True, False),
        ("/mnt/films/shot_%04d.png", False, True),
    ],
)
def test_no_folder_of_the_system_is_advised(
    path: str, *, file: bool, folder: bool
) -> None:
    reason = Scope().reason(path)
    assert (f"tl.allow({path!r})" in reason) == file
    assert (f"tl.allow({str(Path(path).parent)!r})" in reason) == folder
