"""Content credentials: films that are signed, read, trusted, tampered with, refused."""

import io
import json
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from media_factory import Clips
from runners import sha256
from signing_scene import KINDS, certificate, pem_of

import timeline_nb as tl
from timeline_nb.credentials.library import context_of
from timeline_nb.credentials.read_child import stated_by
from timeline_nb.credentials.stated import StatedCredentials
from timeline_nb.notebook.vault import NotebookVault
from timeline_nb.proof.lock import read_lock
from timeline_nb.security.store import MemoryStore


def edit(*media: Path) -> tl.Edit:
    cut = tl.Edit("signed", rate=25, size=(160, 90))
    for path in media:
        cut.append(tl.open(path).clip("0.2s", "0.8s"))
    cut.titles.add("Ada", start=0, end="0.4s")
    return cut


def signer(kind: str = "ES256") -> tuple[tl.Credentials, str]:
    chain, key, authority = certificate(kind)
    return tl.Credentials(chain, tl.Secret(key)), authority


def packets(path: Path) -> str:
    """The packets of a film, as the ffmpeg program sees them."""
    words = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0", "-c", "copy"]
    words += ["-f", "streamhash", "-hash", "sha256", "-"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, clips: Clips) -> Path:
    folder = tmp_path_factory.mktemp("signed")
    cut = edit(clips["cfr"], clips["ntsc"])
    cut.effects.add(0, "vignette")
    cut.render(folder / "film.mp4", credentials=signer()[0]).wait()
    return folder / "film.mp4"


def test_a_film_says_who_made_it_of_what_and_how(signed: Path) -> None:
    found = tl.read_credentials(signed)
    assert found.state == "untrusted"
    assert found.is_valid
    assert (found.signer, found.issuer) == ("Ada", "The Film Society")
    assert found.reasons[0].startswith("signingCredential.untrusted")
    assert [action["action"] for action in found.actions] == [
        "c2pa.created",
        "c2pa.placed",
        "c2pa.edited",
        "c2pa.transcoded",
    ]
    assert "vignette" in found.actions[2]["description"]
    names = [one["title"] for one in found.ingredients]
    assert len(names) == 2
    assert found.title == "film.mp4"
    assert "Ada" in repr(found)
    # It still plays while it is fetched.
    data = signed.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    assert "<td" in found._repr_html_()
    assert list(found.to_dataframe()) == ["what", "value", "detail"]


def test_the_lock_is_signed_and_has_the_film_as_it_was_before(
    signed: Path, tmp_path: Path, clips: Clips
) -> None:
    lock, _ = read_lock(signed.with_name("film.mp4.lock"))
    found = tl.read_credentials(signed)
    assert found.lock["film"]["sha256"] == lock.film.sha256 != sha256(signed)
    assert found.lock["timeline"] == lock.timeline
    # Neither paths nor this machine are in it.
    text = json.dumps(found.lock)
    assert str(signed.parent) not in text
    assert "path" not in found.lock["files"][0]
    cut = edit(clips["cfr"], clips["ntsc"])
    cut.effects.add(0, "vignette")
    cut.render(tmp_path / "film.mp4").wait()
    assert sha256(tmp_path / "film.mp4") == lock.film.sha256
    assert packets(tmp_path / "film.mp4") == packets(signed)
    proof = tl.verify(signed.with_name("film.mp4.lock"))
    rows = {fact.what: fact for fact in proof}
    assert proof.held
    assert rows["credentials"].held
    assert "untrusted" in rows["credentials"].now


def test_what_was_hidden_is_said_with_what_found_it(
    tmp_path: Path, bikes: Path
) -> None:
    street = tl.open(bikes)
    table = street.detect(start="4s", end="4.4s", score=0.25).to_dataframe()
    cut = tl.Edit("hidden", rate=street.rate, size=(160, 68))
    cut.append(street.clip("4s", "4.4s"))
    cut.redact(table, how="blur")
    film = tmp_path / "film.mp4"
    cut.render(film, credentials=tl.trial_credentials()).wait()
    actions = {a["action"]: a["description"] for a in tl.read_credentials(film).actions}
    lock, _ = read_lock(tmp_path / "film.mp4.lock")
    (model,) = [one for one in lock.files if one.what == "model"]
    hidden = actions["c2pa.filtered"]
    assert hidden.startswith("areas were hidden (blur) in 1 clip,")
    assert model.name in hidden
    assert "redaction" not in actions["c2pa.edited"]


def test_an_authority_that_is_trusted_makes_it_trusted(
    tmp_path: Path, clips: Clips
) -> None:
    who, authority = signer()
    film = tmp_path / "film.mp4"
    edit(clips["cfr"]).render(film, credentials=who).wait()
    (tmp_path / "anchors.pem").write_text(authority)
    assert (
        tl.read_credentials(film, anchors=tmp_path / "anchors.pem").state == "trusted"
    )
    assert tl.read_credentials(film, anchors=authority).reasons == ()
    other = certificate()[2]
    assert tl.read_credentials(film, anchors=other).state == "untrusted"


def test_credentials_to_try_it_with_are_never_trusted(
    tmp_path: Path, clips: Clips
) -> None:
    who = tl.trial_credentials("Grace")
    film = tmp_path / "film.mp4"
    edit(clips["cfr"]).render(film, credentials=who).wait()
    # Even with its own authority as an anchor, which the library would trust.
    found = tl.read_credentials(film, anchors=who.chain)
    assert found.state == "untrusted"
    assert "TEST" in found.issuer
    assert "test: a certificate made to try this" in found.reasons[-1]


@pytest.mark.parametrize("box", ["mdat", "moov"])
def test_a_film_with_one_other_bit_is_invalid(
    signed: Path, tmp_path: Path, box: str
) -> None:
    data = bytearray(signed.read_bytes())
    data[data.find(box.encode()) + 200] ^= 1
    (tmp_path / "film.mp4").write_bytes(data)
    (tmp_path / "film.mp4.lock").write_bytes(
        signed.with_name("film.mp4.lock").read_bytes()
    )
    found = tl.read_credentials(tmp_path / "film.mp4")
    assert found.state == "invalid"
    why = "assertion.bmffHash.mismatch: bytes of the file were changed after it was"
    assert found.reasons[0].startswith(why)
    rows = {fact.what: fact for fact in tl.verify(tmp_path / "film.mp4.lock")}
    assert rows["credentials"].held is False
    assert "bmffHash.mismatch" in rows["credentials"].now


def test_any_other_bit_is_found_or_changes_nothing_that_is_said(signed: Path) -> None:
    data = signed.read_bytes()

    def read(data: bytes) -> StatedCredentials:
        # As in the process of its own, of which each start takes a while.
        return stated_by(io.BytesIO(data), "video/mp4", "")

    before = read(data)
    for number in range(0, len(data), max(1, len(data) // 60)):
        changed = bytearray(data)
        changed[number] ^= 1 << number % 8
        found = read(bytes(changed))
        said = (found.signer, found.actions, found.ingredients, found.lock)
        same = (before.signer, before.actions, before.ingredients, before.lock)
        assert found.state == "invalid" or said == same, number


def test_credentials_of_another_film_do_not_hold(signed: Path, tmp_path: Path) -> None:
    film, lock = tmp_path / signed.name, tmp_path / f"{signed.name}.lock"
    film.write_bytes(signed.read_bytes())
    whole = json.loads(signed.with_name(lock.name).read_text())
    whole["film"]["sha256"] = "0" * 64
    lock.write_text(json.dumps(whole))
    rows = {fact.what: fact for fact in tl.verify(lock)}
    assert rows["credentials"].held is False
    assert rows["credentials"].now == "of another film or lock"


def _signed_for_a_moment(cut: tl.Edit, film: Path) -> float:
    """Sign with a certificate that ends soon, and return when it does."""
    for lifetime_s in (6, 20, 60):
        ends = time.time() + lifetime_s
        chain, key, _ = certificate(days=lifetime_s / 86_400)
        try:
            who = tl.Credentials(chain, tl.Secret(key))
            cut.render(film, credentials=who, overwrite=True).wait()
        except tl.CredentialError:
            # It ended while this was rendered.
            continue
        return ends
    raise AssertionError("it takes too long to sign")


def test_a_certificate_that_ended_since_is_told_from_a_changed_film(
    tmp_path: Path, clips: Clips
) -> None:
    film = tmp_path / "film.mp4"
    ends = _signed_for_a_moment(edit(clips["cfr"]), film)
    time.sleep(max(0, ends + 2 - time.time()))
    found = tl.read_credentials(film)
    assert (found.state, found.has_ended) == ("invalid", True)
    assert found.reasons[0] == (
        "signingCredential.expired: the certificate has ended, and no authority says "
        "that it was signed before"
    )
    proof = tl.verify(f"{film}.lock")
    row = next(fact for fact in proof if fact.what == "credentials")
    assert (proof.held, row.held) == (True, None)
    assert "signed by 'Ada'; signingCredential.expired" in row.now
    data = bytearray(film.read_bytes())
    data[data.find(b"mdat") + 200] ^= 1
    film.write_bytes(data)
    assert not tl.read_credentials(film).has_ended
    rows = {fact.what: fact for fact in tl.verify(f"{film}.lock")}
    assert rows["credentials"].held is False
    assert "bmffHash.mismatch" in rows["credentials"].now


def test_a_remux_drops_them(signed: Path, tmp_path: Path) -> None:
    path = tmp_path / "remuxed.mp4"
    words = ["ffmpeg", "-v", "error", "-i", str(signed), "-c", "copy", str(path)]
    subprocess.run(words, check=True)
    assert tl.read_credentials(path).state == "none"


def test_the_credentials_of_media_are_carried_on(signed: Path, tmp_path: Path) -> None:
    film = tmp_path / "second.mp4"
    edit(signed).render(film, credentials=tl.trial_credentials()).wait()
    (ingredient,) = tl.read_credentials(film).ingredients
    assert ingredient["title"] == "film.mp4"
    assert ingredient["state"] == "has credentials"
    import c2pa

    with c2pa.Reader(str(film), context=context_of()) as reader:
        manifests = json.loads(reader.json())["manifests"]
    names = {one["signature_info"]["common_name"] for one in manifests.values()}
    assert names == {"Ada", "nobody"}
    # Those of a file that was changed since are carried on as what they are.
    data = bytearray(signed.read_bytes())
    data[data.find(b"mdat") + 200] ^= 1
    (tmp_path / "changed.mp4").write_bytes(data)
    third = tmp_path / "third.mp4"
    cut = edit(tmp_path / "changed.mp4")
    cut.render(third, credentials=tl.trial_credentials()).wait()
    (changed,) = tl.read_credentials(third).ingredients
    assert changed["state"] == "invalid credentials"


@pytest.mark.parametrize("suffix", [".mov", ".m4a", ".avi", ".wav", ".mp3", ".gif"])
def test_formats_that_hold_credentials(
    tmp_path: Path, clips: Clips, suffix: str
) -> None:
    film = tmp_path / f"film{suffix}"
    cut = edit(clips["ntsc"])
    result = cut.render(film, credentials=tl.trial_credentials()).wait()
    assert tl.read_credentials(film).state == "untrusted"
    assert result.info.size_bytes == film.stat().st_size
    words = ["ffmpeg", "-v", "error", "-i", str(film), "-f", "null", "-"]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif", ".flac"])
def test_stills_and_files_of_others_are_signed_as_they_are(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"still{suffix}"
    made = ["-f", "lavfi", "-i", "testsrc=size=64x48:duration=1", "-frames:v", "1"]
    if suffix == ".flac":
        made = ["-f", "lavfi", "-i", "sine=duration=0.2"]
    subprocess.run(["ffmpeg", "-v", "error", *made, str(path)], check=True)
    before = path.read_bytes()
    who = tl.trial_credentials("Ada")
    with pytest.raises(tl.CredentialError, match="is there already"):
        tl.sign(path, who)
    out = tmp_path / f"signed{suffix}"
    assert tl.sign(path, who, output=out) == out
    assert path.read_bytes() == before
    found = tl.read_credentials(out)
    assert (found.state, found.signer) == ("untrusted", "Ada")
    assert found.actions[0]["action"] == "c2pa.opened"
    assert found.ingredients[0]["title"] == path.name
    # Signed again, by somebody else, it keeps what it said.
    tl.sign(out, tl.trial_credentials("Bob"))
    again = tl.read_credentials(out)
    assert again.signer == "Bob"
    assert again.ingredients[0]["state"] == "has credentials"
    with pytest.raises(tl.CredentialError, match="give it the suffix"):
        tl.sign(path, who, output=tmp_path / "other.gif")
    data = bytearray(out.read_bytes())
    data[-20] ^= 1
    out.write_bytes(data)
    assert tl.read_credentials(out).state == "invalid"


def test_a_film_outside_the_allowed_folders_is_signed_and_verified(
    tmp_path: Path, clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_ROOTS", str(clips["cfr"].parent))
    settings = tl.Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    with tl.open_studio(settings) as studio:
        cut = tl.Edit(timeline=edit(clips["cfr"]).timeline, studio=studio)
        film = tmp_path / "film.mp4"
        cut.render(film, credentials=tl.trial_credentials()).wait()
        rows = {f.what: f for f in tl.verify(f"{film}.lock", studio=studio)}
        assert rows["credentials"].held


@pytest.mark.parametrize("name", ["film.mkv", "film.webm", "film.opus"])
def test_formats_that_hold_none_are_refused_by_name(
    tmp_path: Path, clips: Clips, name: str
) -> None:
    cut = edit(clips["cfr"])
    with pytest.raises(tl.CredentialError, match=f"{name}: files of .* cannot hold"):
        cut.render(tmp_path / name, credentials=tl.trial_credentials())
    with pytest.raises(tl.CredentialError, match="cannot hold"):
        tl.read_credentials(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_keys_of_all_kinds_sign(tmp_path: Path, clips: Clips, kind: str) -> None:
    who, authority = signer(kind)
    assert who.algorithm == kind
    film = tmp_path / "film.m4a"
    edit(clips["ntsc"]).render(film, credentials=who).wait()
    assert tl.read_credentials(film, anchors=authority).state == "trusted"


def test_what_cannot_sign_is_refused_at_the_call(tmp_path: Path, clips: Clips) -> None:
    chain, key, _ = certificate()
    other = pem_of(KINDS["ES256"]())
    secret = tl.Secret
    refused: list[tuple[Any, Any, str]] = [
        (chain, secret(other), "is not that of the certificate"),
        (chain, secret("words"), "is no private key as PEM"),
        (chain, key, "key is plain text: give tl.Secret"),
        (chain, 7, "key is an int"),
        ("gone.pem", secret(key), "gone.pem"),
        (b"words", secret(key), "there are 0 certificates"),
        (certificate(days=-1)[0], secret(key), "ended on"),
        (7, secret(key), "certificate is of type int"),
    ]
    assert repr(tl.Credentials.__new__(tl.Credentials)) == "<Credentials>"
    for given, held, words in refused:
        with pytest.raises(tl.CredentialError, match=words):
            tl.Credentials(given, held)
    cut = edit(clips["cfr"])
    with pytest.raises(tl.CredentialError, match="credentials are a str"):
        cut.render(tmp_path / "film.mp4", credentials="ada")  # type: ignore[arg-type]
    with pytest.raises(tl.VaultError, match="no secret named 'signing-key'"):
        cut.render(
            tmp_path / "film.mp4", credentials=tl.Credentials(chain, "signing-key")
        )
    assert list(tmp_path.iterdir()) == []


def test_a_key_in_the_vault_signs_and_a_file_of_both_is_read_for_its_certificate(
    tmp_path: Path, clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_VAULT_PASSPHRASE", "correct horse battery staple")
    chain, key, authority = certificate()
    both = tmp_path / "both.pem"
    both.write_text(f"{key}{chain}")
    settings = tl.Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    with tl.open_studio(settings) as studio:
        studio.vault.put("signing", tl.Secret(key))
        who = tl.Credentials(both, "signing")
        assert key.splitlines()[1] not in repr(vars(who))
        cut = tl.Edit(timeline=edit(clips["cfr"]).timeline, studio=studio)
        studio.scope.allow(clips["cfr"])
        cut.render(tmp_path / "film.mp4", credentials=who).wait()
    assert tl.read_credentials(tmp_path / "film.mp4", anchors=authority).signer == "Ada"


def test_the_terminal_shows_them_and_says_by_its_code_whether_they_hold(
    signed: Path, tmp_path: Path
) -> None:
    def shown(*words: object, code: int) -> str:
        command = [sys.executable, "-m", "timeline_nb.cli", *map(str, words)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == code, done.stderr
        return done.stdout or done.stderr

    assert "signed by 'Ada'" in shown("credentials", signed, code=0)
    data = bytearray(signed.read_bytes())
    data[data.find(b"mdat") + 200] ^= 1
    (tmp_path / "changed.mp4").write_bytes(data)
    told = shown("credentials", tmp_path / "changed.mp4", "--json", code=1)
    assert json.loads(told)["state"] == "invalid"
    project = edit(signed).save(tmp_path / "cut.tlp")
    words = ("render", project, "-o", tmp_path / "a.mp4", "--key", "signing")
    assert "give both --certificate" in shown(*words, "--allow", signed, code=1)


@pytest.mark.parametrize("data", [b"", b"\0" * 99, b"not a film", b"\xff" * 4096])
def test_files_that_are_no_films_have_none_or_are_invalid(
    tmp_path: Path, data: bytes
) -> None:
    for suffix in (".mp4", ".avi", ".png", ".jpg"):
        path = tmp_path / f"strange{suffix}"
        path.write_bytes(data)
        assert tl.read_credentials(path).state in {"none", "invalid"}


def test_without_the_package_the_error_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['c2pa'] = None\n"
        "import timeline_nb as tl\n"
        "cut = tl.Edit('a', rate=25, size=(64, 48))\n"
        "cut.titles.add('a', start=0, end=1)\n"
        "try: cut.render('a.mp4', credentials=tl.trial_credentials())\n"
        "except tl.CredentialError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert 'pip install "timeline-nb[c2pa]"' in done.stdout


def test_an_error_has_no_private_key_in_any_of_its_frames(tmp_path: Path) -> None:
    chain, key, _ = certificate()
    bare = "".join(key.splitlines()[1:-1])
    lock, film, still = (tmp_path / name for name in ("a.txt", "a.mp4", "a" * 300))
    vault = NotebookVault(tl.open_studio(vault=MemoryStore([])))
    calls: dict[str, Callable[[], object]] = {
        "bytes": lambda: tl.Credentials(chain, key.encode()),  # type: ignore[arg-type]
        "a list": lambda: tl.Credentials(chain, [key]),  # type: ignore[arg-type]
        "a bare key": lambda: tl.Credentials(chain, bare),
        "of another": lambda: tl.Credentials(chain + key, tl.Secret("abc")),
        "of none": lambda: tl.Credentials((chain + key).encode(), tl.Secret("abc")),
        "no chain": lambda: tl.Credentials(key, "x"),
        "in a list": lambda: tl.Credentials([key], "x"),  # type: ignore[arg-type]
        "suffix": lambda: tl.read_credentials(lock, anchors=key),
        "no film": lambda: tl.read_credentials(film, anchors=chain + key),
        "long": lambda: tl.read_credentials(still, anchors=key.encode()),
        "vault": lambda: vault.get(bare),
    }
    for name, call in calls.items():
        with pytest.raises(tl.TimelineNbError) as caught:
            call()
        assert bare[:40] not in str(caught.value), name
        error: BaseException | None = caught.value
        while error is not None:
            for frame, _ in traceback.walk_tb(error.__traceback__):
                if "timeline_nb" in Path(frame.f_code.co_filename).parts:
                    seen = repr(frame.f_locals).replace("\\n", "")
                    assert bare[:40] not in seen, (name, frame)
            error = error.__cause__ or error.__context__
