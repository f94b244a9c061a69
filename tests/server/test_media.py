"""Media over HTTP, asked from outside: ranges, conditions, logins, ids, escapes.

Expected values are of RFC 9110 (sections 13 and 14) and the Fetch standard.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from media_factory import Recipe, make
from prometheus_client.parser import text_string_to_metric_families
from server.scene import Site, alone, jupyter, open_files, wait_until

SIZE = 1_000_003


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module", params=["jupyter", "alone"])
def site(folder: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    if request.param == "jupyter":
        opened = jupyter(folder)
    else:
        opened = alone(folder, metrics=True)
    with opened as site:
        yield site


@pytest.fixture(scope="module")
def data(folder: Path) -> bytes:
    # Bytes that differ at every offset a range may be wrong by.
    block = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(SIZE // 32 + 1))
    (folder / "film.mp4").write_bytes(block[:SIZE])
    return block[:SIZE]


@pytest.fixture(scope="module")
def media(site: Site, folder: Path, data: bytes) -> str:
    assert data
    address = site.address_of(folder / "film.mp4")
    assert address.startswith(f"timeline_nb/media/{site.place}/"), address
    return address


def test_a_whole_file(site: Site, media: str, data: bytes) -> None:
    answer = site.ask(media)
    assert answer.status == 200
    assert answer.body == data
    headers = answer.headers
    assert headers["content-length"] == str(SIZE)
    assert headers["accept-ranges"] == "bytes"
    assert headers["content-type"] == "video/mp4"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox")
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "no-referrer"
    assert "private" in headers["cache-control"]
    assert headers["etag"].startswith('"')
    assert "access-control-allow-origin" not in headers
    assert "content-disposition" not in headers


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="Linux drops a cache")
def test_a_file_that_is_partly_in_memory(site: Site, folder: Path, data: bytes) -> None:
    path = folder / "partly.mp4"
    with path.open("w+b") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        # A page in the midst of a part.
        os.pread(file.fileno(), 1, 400_000)
    assert site.ask(site.address_of(path)).body == data


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        (f"bytes=0-{SIZE + 999}", 0, SIZE - 1),
        (f"bytes=-{SIZE * 3}", 0, SIZE - 1),
        ("bytes=262143-262144", 262_143, 262_144),
        ("Bytes=5-9", 5, 9),
        ("bytes= 5 - 9 ", 5, 9),
        ("bytes=007-9", 7, 9),
    ],
)
def test_a_range(  # noqa: PLR0917 - fixtures and parameters
    site: Site, media: str, data: bytes, asked: str, first: int, last: int
) -> None:
    answer = site.ask(media, headers={"Range": asked})
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.body == data[first : last + 1]


@pytest.mark.parametrize(
    "asked",
    [
        f"bytes={SIZE}-",
        "bytes=-0",
        f"bytes={SIZE + 5}-{SIZE + 9}",
        "bytes=99999999999999999999-",
    ],
)
def test_a_range_beyond_the_file(site: Site, media: str, asked: str) -> None:
    answer = site.ask(media, headers={"Range": asked})
    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=9-5",
        "bytes=a-b",
        "bytes=-",
        "bytes",
        "items=0-5",
        "bytes=0-5,9-12",
        "bytes=--5",
        "bytes=+1-5",
        "bytes=1_0-20",
        "bytes=\u0663-\u0665".encode().decode("latin-1"),
        "bytes=" + "9" * 400 + "-",
        "bytes=0x1-5",
        "",
    ],
)
def test_what_is_no_range_is_ignored(site: Site, media: str, asked: str) -> None:
    answer = site.ask(media, headers={"Range": asked})
    assert (answer.status, len(answer.body)) == (200, SIZE)


def test_head(site: Site, media: str) -> None:
    for headers in dict[str, str](), {"Range": "bytes=0-9"}:
        answer = site.ask(media, "HEAD", headers=headers)
        assert (answer.status, answer.body) == (200, b"")
        assert answer.headers["content-length"] == str(SIZE)


def test_a_flood_of_ranges_is_no_work(site: Site, media: str) -> None:
    bombs = [
        "bytes=" + ",".join(f"{n}-{n}" for n in range(5_000)),
        "bytes=" + "0-," * 9_000,
        "bytes=" + "1-2" * 12_000,
        "bytes=" + " " * 60_000 + "-",
        "bytes=0-" + "9" * 50_000,
    ]
    for asked in bombs:
        answer = site.ask(media, headers={"Range": asked})
        # The file once, however many times it is asked for.
        assert (answer.status, len(answer.body)) == (200, SIZE), asked[:20]


def test_head_of_all_that_is_shown(site: Site) -> None:
    paths = ["timeline_nb/health", "timeline_nb/metrics"]
    if not site.base.endswith("/user/me/"):
        paths += ["", "static/alone.js"]
    for path in paths:
        answer = site.ask(path, "HEAD")
        assert (answer.status, answer.body) == (200, b""), path
        assert int(answer.headers["content-length"]) > 0, path
        assert site.ask(path, "HEAD", login=False).status == 403, path


def test_conditions(site: Site, media: str) -> None:
    headers = site.ask(media, "HEAD").headers
    etag, modified = headers["etag"], headers["last-modified"]
    for tags in (etag, f'"x", {etag}', f"W/{etag}", "*"):
        answer = site.ask(media, headers={"If-None-Match": tags})
        assert (answer.status, answer.body) == (304, b""), tags
        assert answer.headers["etag"] == etag
    assert site.ask(media, "HEAD", headers={"If-None-Match": '"x"'}).status == 200
    part = {"Range": "bytes=0-9"}
    for unless, due in {
        etag: 206,
        modified: 206,
        '"old"': 200,
        f"W/{etag}": 200,
    }.items():
        assert site.ask(media, headers={"If-Range": unless, **part}).status == due, (
            unless
        )
    # A condition comes before a range (13.2.2).
    assert site.ask(media, headers={"If-None-Match": etag, **part}).status == 304


def test_a_download_has_the_files_name(site: Site, media: str) -> None:
    shown = site.ask(f"{media}?download", "HEAD").headers["content-disposition"]
    assert shown == "attachment; filename*=UTF-8''film.mp4"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_taken(site: Site, media: str, method: str) -> None:
    assert site.ask(media, method).status in {403, 405}
    # Alone, a body is not even read.
    assert site.ask(media, method, body=b"a=b").status in {400, 403, 405}


def test_a_login_is_needed(site: Site, media: str) -> None:
    for path in (media, "timeline_nb/health", "timeline_nb/metrics"):
        answer = site.ask(path, login=False)
        assert (answer.status, b"<html" in answer.body) == (403, False), path
        assert site.ask(path, headers={"Authorization": "token wrong"}).status == 403
    assert site.ask(media, "HEAD", login=False).status == 403


def test_a_foreign_host_is_refused(site: Site, media: str) -> None:
    assert site.ask(media, headers={"Host": "films.example.org"}).status == 403


def _flipped(media: str) -> str:
    return media[:-3] + ("A" if media[-3] != "A" else "B") + media[-2:]


def test_ids_that_were_not_made_here(site: Site, media: str) -> None:
    place = f"timeline_nb/media/{site.place}"
    paths = {
        "flipped": _flipped(media),
        "cut": media[:-8],
        "longer": f"{media}AAAA",
        "of another kernel": media.replace(
            site.place, "00000000-0000-0000-0000-000000000000"
        ),
        "dots": f"{place}/../../../../etc/passwd",
        "encoded dots": f"{place}/%2e%2e%2f%2e%2e%2fetc%2fpasswd{'A' * 30}",
        "NUL": f"{media}%00.mp4",
        "backslash": f"{place}/..%5c..%5cwindows%5cwin.ini",
        "encoded twice": f"{place}/%252e%252e%252fetc%252fpasswd",
        "slash": f"{media}/",
        "plain path": "timeline_nb/media//etc/passwd",
        "nothing": f"{place}/",
        "huge": f"{place}/{'A' * 15_000}",
    }
    for label, path in paths.items():
        answer = site.ask(path)
        # Jupyter redirects to the path without a slash.
        assert answer.status in {302, 400, 403, 404}, label
        assert b"root:" not in answer.body, label


def test_every_letter_of_an_id_counts(site: Site, media: str) -> None:
    head, sealed = media.rsplit("/", 1)
    # The last letter may hold bits that base64 does not use.
    for at in range(0, len(sealed) - 1, 7):
        letter = "A" if sealed[at] != "A" else "B"
        changed = f"{head}/{sealed[:at]}{letter}{sealed[at + 1 :]}"
        assert site.ask(changed, "HEAD").status == 404, at


def test_an_id_shows_nothing_and_differs_each_time(
    site: Site, folder: Path, media: str
) -> None:
    from base64 import urlsafe_b64decode

    sealed = media.rsplit("/", 1)[1]
    raw = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    assert b"film" not in raw
    assert str(folder).encode() not in raw
    assert site.address_of(folder / "film.mp4") != media


def test_a_changed_or_replaced_file_is_gone(site: Site, folder: Path) -> None:
    file = folder / "changing.mp4"
    file.write_bytes(b"first")
    address = site.address_of(file)
    assert site.ask(address).body == b"first"
    file.write_bytes(b"second, longer")
    assert site.ask(address).status == 410
    address = site.address_of(file)
    # Another file of the same size and time in its place.
    times = file.stat()
    other = folder / "other.mp4"
    other.write_bytes(b"secret, longer")
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(file)
    assert site.ask(address).status == 410
    file.unlink()
    assert site.ask(address).status == 404


def test_a_link_in_the_files_place_is_not_followed(site: Site, folder: Path) -> None:
    file, secret = folder / f"linked-{site.place}.mp4", folder / "secret.mp4"
    for path in (file, secret):
        path.write_bytes(b"film")
    address = site.address_of(file)
    file.unlink()
    file.symlink_to(secret)
    assert site.ask(address).status in {404, 410}
    # Nor one in place of a folder above it.
    inner = folder / f"inner-{site.place}"
    inner.mkdir()
    (inner / "a.mp4").write_bytes(b"film")
    address = site.address_of(inner / "a.mp4")
    assert site.ask(address).status == 200
    moved = folder / f"moved-{site.place}"
    inner.rename(moved)
    inner.symlink_to(moved)
    assert site.ask(address).status in {404, 410}


def test_an_address_ends_with_its_time(site: Site, folder: Path, data: bytes) -> None:
    assert data
    address = site.address_of(folder / "film.mp4", lasts=2)
    other = site.address_of(folder / "film.mp4", lasts=600)
    assert wait_until(lambda: site.ask(address, "HEAD").status == 410)
    assert site.ask(other, "HEAD").status == 200


def test_only_media_are_served(site: Site, folder: Path) -> None:
    for name in ("page.html", "drawing.svg", "script.js", "notes.txt", "no_suffix"):
        (folder / name).write_bytes(b"<script>alert(1)</script>")
        assert site.address_of(folder / name) == "ServerError", name
    # Nor does a file become one afterwards: the type is that of the name.
    renamed = folder / "page.mp4"
    renamed.write_bytes(b"<script>alert(1)</script>")
    answer = site.ask(site.address_of(renamed))
    assert answer.headers["content-type"] == "video/mp4"


def test_what_cannot_be_served_is_an_error_at_the_call(
    site: Site, folder: Path
) -> None:
    assert site.address_of(folder / "missing.mp4") == "ServerError"
    (folder / "folder.mp4").mkdir(exist_ok=True)
    assert site.address_of(folder / "folder.mp4") == "AccessError"
    if not (folder / "pipe.mp4").exists():
        os.mkfifo(folder / "pipe.mp4")
    assert site.address_of(folder / "pipe.mp4") == "AccessError"
    assert site.address_of(folder / "film.mp4", lasts=0) == "ServerError"


def test_an_empty_file(site: Site, folder: Path) -> None:
    (folder / "empty.mp4").write_bytes(b"")
    address = site.address_of(folder / "empty.mp4")
    answer = site.ask(address)
    assert (answer.status, answer.body) == (200, b"")
    assert site.ask(address, headers={"Range": "bytes=0-"}).status == 416
    assert site.ask(address, headers={"Range": "bytes=-5"}).status == 416


def test_odd_names(site: Site, folder: Path) -> None:
    for name in ('a "quoted" name.mp4', "línea ☃.webm", "new\nline.mp3"):
        (folder / name).write_bytes(b"film")
        answer = site.ask(f"{site.address_of(folder / name)}?download")
        assert (answer.status, answer.body) == (200, b"film"), name
        assert "\n" not in answer.headers["content-disposition"]


def test_health(site: Site) -> None:
    import json

    def found(path: str) -> dict[str, dict[str, str]]:
        checks: dict[str, dict[str, str]] = json.loads(site.ask(path).body)["checks"]
        return checks

    def is_well(path: str, *names: str) -> bool:
        checks = found(path)
        return all(checks[name]["status"] == "ok" for name in names or checks)

    # A machine with other work is late at times.
    assert wait_until(lambda: is_well("timeline_nb/health"))
    assert wait_until(lambda: site.ask("timeline_nb/health").status == 200)
    server = found("timeline_nb/health")
    assert {"event loop", "threads", "descriptors"} <= set(server)
    if site.base.endswith("/user/me/"):
        # What films need is tried in a process beside Jupyter's.
        full = "timeline_nb/health?full"
        names = ("cache", "disk", "decoder", "encoder", "detector", "queue")
        assert wait_until(lambda: is_well(full, *names)), found(full)
        checks = found(full)
        assert "libx264" in checks["encoder"]["message"]
        # A machine without a keyring is worth knowing of.
        assert checks["keyring"]["status"] in {"ok", "warning"}
        assert "decoder" not in server
        # A kernel asks the server beside it.
        code = "print(tl.health(machine=False).to_json()['checks']['server'])"
        assert wait_until(lambda: "'state': 'ok'" in site.run(code))
        shown = site.run(code)
        assert "gives files to pages, at /user/me/timeline_nb/" in shown


def test_metrics_count_what_was_served(site: Site, media: str) -> None:
    def figures() -> dict[str, float]:
        text = site.ask("timeline_nb/metrics").body.decode()
        assert "film" not in text
        return {
            f"{sample.name} {sample.labels.get('http_response_status_code', '')} "
            f"{sample.labels.get('http_route', '')}".strip(): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if "le" not in sample.labels
        }

    before = figures()
    assert len(site.ask(media, headers={"Range": "bytes=0-999"}).body) == 1000
    # It is counted once its last byte was taken.
    assert wait_until(lambda: figures()["timeline_nb_server_open_streams"] == 0)
    after = figures()
    sent = "timeline_nb_server_sent_bytes_total"
    assert after[sent] - before[sent] == 1000
    count = "http_server_request_duration_seconds_count 206 timeline_nb/media"
    assert after[count] - before.get(count, 0) == 1


def test_other_origins_read_nothing(site: Site, media: str) -> None:
    evil = "https://evil.example"
    answer = site.ask(media, "HEAD", headers={"Origin": evil})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    preflight = {"Origin": evil, "Access-Control-Request-Method": "GET"}
    answer = site.ask(media, "OPTIONS", login=False, headers=preflight)
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_what_is_cut_off_leaves_nothing_open(site: Site, folder: Path) -> None:
    """Players drop requests; see `streams.py` for the whole of it."""
    from server.streams import soak

    soak(site, folder, streams=20)
    film = str(folder / "soaked")
    assert wait_until(lambda: not [f for f in open_files(site.pid) if film in f])


def test_a_hub_s_user_may_have_any_name(tmp_path: Path) -> None:
    """As JupyterHub writes "jö@films.example" into an address."""
    (tmp_path / "film.mp4").write_bytes(b"film")
    film = make(tmp_path, Recipe("real.mp4", frames=3, size=(64, 48)))
    anyone = "--ServerApp.allow_origin=*"
    with jupyter(tmp_path, anyone, below="/user/j%C3%B6@films.example/") as site:
        address = site.address_of(tmp_path / "film.mp4")
        evil = {"Origin": "https://evil.example"}
        answer = site.ask(address, headers=evil)
        assert answer.body == b"film"
        # What Jupyter lets all pages read, they do not read of ours.
        for path in (address, "timeline_nb/health", "timeline_nb/metrics"):
            headers = site.ask(path, headers=evil).headers
            assert "access-control-allow-origin" not in headers, path
        shown = site.run(f"print(tl.open({str(film)!r}).url())")
        assert site.ask(shown, "HEAD").headers["content-type"] == "video/mp4"
