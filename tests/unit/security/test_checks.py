"""Checks of keys, against servers on this machine that answer well and badly."""

import asyncio
import gc
import io
import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from stand_ins import keys
from stand_ins.keys import BARRED, BROKE, GOOD, Behavior, KeyServer, sent_key
from states import until

from timeline_nb.core.run_async import run_async
from timeline_nb.security import web
from timeline_nb.security.checks import KeyCheck, KeyChecks, Verdict
from timeline_nb.security.provider import KeyProvider
from timeline_nb.security.providers import BUILT_IN_PROVIDERS, KeyProviders
from timeline_nb.security.secret import Secret

NAMES = [provider.name for provider in BUILT_IN_PROVIDERS]


def found(checks: KeyChecks, name: str, key: str) -> KeyCheck:
    return asyncio.run(checks.check(name, Secret(key)))


@pytest.fixture
def _new_authorities() -> Iterator[None]:
    """Have the trusted certificates read anew in a test, and after it."""
    web._certificates.cache_clear()
    yield
    web._certificates.cache_clear()


@pytest.fixture(scope="module")
def server() -> Iterator[KeyServer]:
    with KeyServer() as running:
        yield running


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (GOOD, Verdict.VALID),
        (BROKE, Verdict.LIMITED),
        (BARRED, Verdict.LIMITED),
        ("", Verdict.INVALID),
    ],
)
def test_each_provider_is_understood(
    server: KeyServer, name: str, kind: str, verdict: Verdict
) -> None:
    checks = KeyChecks(server.providers(), timeout_s=200)
    result = found(checks, name, sent_key(name, kind))
    assert (result.verdict, result.name) == (verdict, name)
    assert result.host == f"127.0.0.1:{server.port}"
    assert abs(datetime.now(UTC) - result.checked_at) < timedelta(minutes=5)


def test_the_built_in_addresses_are_those_of_the_providers() -> None:
    hosts = {provider.name: provider.host for provider in BUILT_IN_PROVIDERS}
    assert hosts == {
        "openai": "api.openai.com",
        "anthropic": "api.anthropic.com",
        "gemini": "generativelanguage.googleapis.com",
        "deepseek": "api.deepseek.com",
        "youtube": "www.googleapis.com",
        "vimeo": "api.vimeo.com",
        "telegram": "api.telegram.org",
    }
    assert all(one.address.startswith("https://") for one in BUILT_IN_PROVIDERS)


def test_a_telegram_token_of_a_wrong_form_is_invalid(server: KeyServer) -> None:
    result = found(KeyChecks(server.providers(), timeout_s=200), "telegram", "no-token")
    assert result.verdict is Verdict.INVALID
    assert "404" in result.reason


def test_a_leaked_gemini_key_is_invalid() -> None:
    text = (
        b'{"error": {"code": 403, "message": "Your API key was reported as leaked."}}'
    )
    with KeyServer(keys.always(keys.plain(403, text))) as server:
        checks = KeyChecks(server.providers(), timeout_s=200)
        assert found(checks, "gemini", GOOD).verdict is Verdict.INVALID
        assert found(checks, "youtube", GOOD).verdict is Verdict.LIMITED


def test_a_key_leaves_in_the_header_or_path_that_is_its_own() -> None:
    with KeyServer() as server:
        checks = KeyChecks(server.providers(), timeout_s=200)
        for name in NAMES:
            found(checks, name, sent_key(name, GOOD))
        places = []
        for request in server.requests:
            headers = [one for one, text in request.headers.items() if GOOD in text]
            places.append(headers or ["path" if GOOD in request.path else "none"])
    assert places == [
        ["authorization"],
        ["x-api-key"],
        ["x-goog-api-key"],
        ["authorization"],
        ["x-goog-api-key"],
        ["authorization"],
        ["path"],
    ]


def test_a_key_in_a_path_stays_in_its_part_of_the_path() -> None:
    key = "1:a/../../?x=%2e#b"
    with KeyServer() as server:
        found(KeyChecks(server.providers(), timeout_s=200), "telegram", key)
        assert server.requests[0].path == "/bot1:a%2F..%2F..%2F%3Fx%3D%252e%23b/getMe"


STRANGE: dict[str, tuple[Behavior, str]] = {
    "html": (keys.always(keys.plain(200, b"<html>Sign in</html>")), "sign-in page"),
    "other json": (keys.always(keys.plain(200, b'{"hello": 1}')), "sign-in page"),
    "a list": (keys.always(keys.plain(200, b"[1]")), "sign-in page"),
    "deep json": (keys.always(keys.plain(200, b"[" * 100_000)), "sign-in page"),
    "no text": (keys.always(keys.plain(200, b"\xff\xfe{}")), "sign-in page"),
    "huge": (keys.always(keys.plain(200, b" " * 2_000_000)), "more than 1 MB"),
    "endless": (keys.endless, "more than 1 MB"),
    "bomb": (keys.always(keys.gzip_bomb()), "compressed"),
    "broken": (keys.always(b"\x00\x01 not HTTP\r\n\r\n"), "does not speak HTTP"),
    "nothing": (keys.always(b""), "does not speak HTTP"),
    "half": (
        keys.always(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}"),
        "does not speak HTTP",
    ),
    "huge head": (
        keys.always(b"HTTP/1.1 200 OK\r\nx: " + b"a" * 500_000 + b"\r\n\r\n"),
        "does not speak HTTP",
    ),
    "server fault": (keys.always(keys.plain(503, b"{}")), "503, a fault of its own"),
    "teapot": (keys.always(keys.plain(418, b"{}")), "nothing about the key"),
    "gateway 403": (keys.always(keys.plain(403, b"<html>")), "nothing about the key"),
    "redirect": (keys.redirecting("https://example.com"), "sends elsewhere (307)"),
}


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("name", ["openai", "telegram"])
def test_a_server_that_misbehaves_says_nothing_of_the_key(kind: str, name: str) -> None:
    behave, reason = STRANGE[kind]
    with KeyServer(behave) as server:
        checks = KeyChecks(server.providers(), timeout_s=200)
        result = found(checks, name, sent_key(name, GOOD))
    assert result.verdict is Verdict.UNKNOWN
    assert reason in result.reason


@pytest.mark.parametrize(
    "behave", [keys.silent, keys.dripping, keys.dripping_head, keys.never_final]
)
def test_the_time_is_limited_for_the_whole_call(behave: Behavior) -> None:
    with KeyServer(behave) as server:
        checks = KeyChecks(server.providers(), timeout_s=0.4)
        result = found(checks, "openai", GOOD)
    assert result.verdict is Verdict.UNKNOWN
    assert "did not answer within 0.4 s" in result.reason


def test_a_name_server_that_is_silent_does_not_hold_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered = threading.Event()

    def lookup(*_: object, **__: object) -> list[object]:
        answered.wait(200)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    checks = KeyChecks(timeout_s=0.3)
    try:
        result = run_async(lambda: checks.check("openai", Secret(GOOD)))
        assert not answered.is_set()
    finally:
        answered.set()
    assert "did not answer within 0.3 s" in result.reason


def test_another_host_never_gets_the_key() -> None:
    with KeyServer() as other, KeyServer(keys.redirecting(other.address)) as server:
        checks = KeyChecks(server.providers(), timeout_s=200)
        for name in NAMES:
            found(checks, name, sent_key(name, GOOD))
        assert len(server.requests) == len(NAMES)
        assert other.requests == []


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with KeyServer() as proxy, KeyServer() as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        result = found(KeyChecks(server.providers(), timeout_s=200), "openai", GOOD)
        assert result.verdict is Verdict.VALID
        assert proxy.requests == []


def test_a_closed_port_is_unknown() -> None:
    with KeyServer() as server:
        checks = KeyChecks(server.providers(), timeout_s=200)
    result = found(checks, "openai", GOOD)
    assert result.verdict is Verdict.UNKNOWN
    assert "cannot be reached" in result.reason


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with KeyServer(certificate=_certificate(tmp_path)) as server:
        address = f"https://127.0.0.1:{server.port}/models"
        checks = KeyChecks(
            KeyProviders([KeyProvider(name="acme", address=address)]), timeout_s=200
        )
        result = found(checks, "acme", GOOD)
        assert server.requests == []
    assert result.verdict is Verdict.UNKNOWN
    assert "no certificate that is trusted" in result.reason


@pytest.mark.usefixtures("_new_authorities")
def test_a_certificate_that_is_trusted_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with KeyServer(certificate=certificate) as server:
        address = f"https://127.0.0.1:{server.port}/models"
        checks = KeyChecks(
            KeyProviders([KeyProvider(name="acme", address=address)]), timeout_s=200
        )
        assert found(checks, "acme", GOOD).verdict is Verdict.VALID


@pytest.mark.usefixtures("_new_authorities")
def test_certificates_that_cannot_be_read_are_no_fault_of_the_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    (tmp_path / "none.pem").write_text("no certificate")
    result = found(KeyChecks(), "openai", GOOD)
    assert result.verdict is Verdict.UNKNOWN
    assert "SSL_CERT_FILE" in result.reason


def test_a_key_that_no_header_takes_is_not_sent(server: KeyServer) -> None:
    before = len(server.requests)
    for key in ("a b", f"{GOOD}\r\nx-evil: 1", "\u043a\u043b\u044e\u0447", ""):
        result = found(KeyChecks(server.providers(), timeout_s=200), "openai", key)
        assert result.verdict is Verdict.INVALID
        assert result.reason.startswith("it was not sent")
    assert len(server.requests) == before
    assert (
        found(
            KeyChecks(server.providers(), timeout_s=200), "openai", f" {GOOD}\n"
        ).verdict
        == "valid"
    )


def test_a_verdict_is_kept_for_a_while_and_no_answer_is_not() -> None:
    now = [0.0]
    with KeyServer() as server:
        checks = KeyChecks(
            server.providers(), timeout_s=200, keep_s=300, clock=lambda: now[0]
        )
        first = found(checks, "openai", GOOD)
        now[0] = 299
        assert found(checks, "openai", GOOD) == first
        assert len(server.requests) == 1
        now[0] = 301
        assert found(checks, "openai", GOOD).verdict is Verdict.VALID
        assert len(server.requests) == 2
        asyncio.run(checks.check("openai", Secret(GOOD), fresh=True))
        assert len(server.requests) == 3
        # Another key, and the same key of another provider, are other questions.
        found(checks, "openai", BARRED)
        found(checks, "deepseek", GOOD)
        assert len(server.requests) == 5
    with KeyServer(keys.always(keys.plain(503, b"{}"))) as server:
        checks = KeyChecks(server.providers(), timeout_s=200)
        for _ in range(2):
            assert found(checks, "openai", GOOD).verdict is Verdict.UNKNOWN
        assert len(server.requests) == 2


def test_many_keys_are_tried_side_by_side() -> None:
    """Each answer waits until all requests are there: one by one, none would come."""
    everybody = asyncio.Event()
    waiting = 0

    async def behave(request: keys.Request):  # type: ignore[no-untyped-def] # noqa: ANN202
        nonlocal waiting
        waiting += 1
        if waiting == len(NAMES):
            everybody.set()
        await everybody.wait()
        async for part in keys.honest(request):
            yield part

    reports: list[int] = []
    with KeyServer(behave) as server:
        checks = KeyChecks(server.providers(), timeout_s=200)
        secrets = {name: Secret(sent_key(name, GOOD)) for name in NAMES}
        results = asyncio.run(checks.check_all(secrets, report=reports.append))
    assert [result.name for result in results] == NAMES
    assert {result.verdict for result in results} == {Verdict.VALID}
    assert reports == [1, 2, 3, 4, 5, 6, 7]


def test_a_name_without_a_provider_is_unknown() -> None:
    result = found(KeyChecks(), "acme", GOOD)
    assert (result.verdict, result.host) == (Verdict.UNKNOWN, "")
    assert "tl.vault.declare" in result.reason
    assert "did you mean 'openai'?" in found(KeyChecks(), "OpenAI", GOOD).reason


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Log all that any library logs, at DEBUG."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    names = ["asyncio", "timeline_nb", *web._LOGGERS]
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        for name in names:
            logging.getLogger(name).setLevel(logging.NOTSET)


BEHAVIORS = {kind: behave for kind, (behave, _) in STRANGE.items()} | {
    "honest": keys.honest,
    "dripping": keys.dripping,
    "echoing": keys.echoing,
}


@pytest.mark.parametrize("kind", BEHAVIORS)
def test_no_log_no_result_and_no_memory_shows_the_key(kind: str) -> None:
    # A machine with other work may send nothing in half a second.
    limits_s = (0.5, 5, 50) if kind == "dripping" else (200,)
    with KeyServer(BEHAVIORS[kind]) as server, everything_logged() as log:
        for limit_s in limits_s:
            checks = KeyChecks(server.providers(), timeout_s=limit_s)
            secrets = {name: Secret(sent_key(name, "")) for name in NAMES}
            results = asyncio.run(checks.check_all(secrets))
            if any(keys._OTHER in request.text for request in server.requests):
                break
        else:
            pytest.fail("no key was sent")
    gc.collect()
    kept = [vars(checks), list(checks._kept.items()), checks, results, log.getvalue()]
    assert keys._OTHER not in repr(kept)
    for tag in checks._kept:
        assert keys._OTHER.encode() not in tag


def test_an_interrupt_carries_no_frame_that_has_the_key() -> None:
    async def interrupted(checks: KeyChecks, server: KeyServer) -> None:
        task = asyncio.ensure_future(checks.check("telegram", Secret("123456:" + GOOD)))
        await asyncio.to_thread(until, lambda: server.requests)
        task.cancel()
        await task

    with KeyServer(keys.silent) as server:
        checks = KeyChecks(server.providers(), timeout_s=200)
        with pytest.raises(asyncio.CancelledError) as caught:
            asyncio.run(interrupted(checks, server))
    chain: list[BaseException] = [caught.value]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    stacks = [traceback.walk_tb(error.__traceback__) for error in chain]
    frames = [frame for stack in stacks for frame, _ in stack]
    shown = {
        Path(frame.f_code.co_filename).name: repr(frame.f_locals)
        for frame in frames
        if frame.f_code.co_filename != __file__
    }
    assert {"checks.py", "key_request.py"} <= set(shown)
    assert [name for name, text in shown.items() if GOOD in text] == []


def _certificate(folder: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(host, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "server.pem"
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path
