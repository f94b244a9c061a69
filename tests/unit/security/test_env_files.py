"""Keys in `.env` files are found, shown masked, taken if chosen, and commented out."""

import os
import pickle
import subprocess
import tempfile
from pathlib import Path

import pytest

from timeline_nb.errors import VaultError
from timeline_nb.security.env_comment import comment_out
from timeline_nb.security.env_files import EnvKeys, find_keys, take_keys
from timeline_nb.security.env_risks import is_placeholder
from timeline_nb.security.env_text import Assignment, commented_out
from timeline_nb.security.git_index import git_tracks
from timeline_nb.security.provider import KeyProvider
from timeline_nb.security.providers import KeyProviders
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import MemoryStore

OPENAI = "sk-9fKq27LmXv0PzRt5Wb8YcAaa1"
OTHER = "sk-Hn4sDw6JgUe3TiOy1Mb9XdBbb2"
GEMINI = "AIzaSyD3kf9Wq8Lm2Zx7Rv5Tn1Pb6Yc4He0Gccc"

posix = pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")


def written(folder: Path, text: str, name: str = ".env", mode: int = 0o600) -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    path.chmod(mode)
    return path


def rows(keys: EnvKeys) -> list[tuple[str, str, str]]:
    return [(row["name"], row["file"], row["provider"]) for row in keys.rows()]


def test_the_table_has_what_a_person_chooses_by(tmp_path: Path) -> None:
    written(
        tmp_path,
        f"export OPENAI_API_KEY='{OPENAI}' # mine\n"
        "DATABASE_URL=postgres://me:hunter2@db/x\n"
        "VIMEO_TOKEN=your-token-here\n"
        f"VITE_GEMINI_API_KEY={GEMINI}\n",
    )
    keys = find_keys(tmp_path)
    risk = "VITE_ puts it into pages that anyone can read: make a new key"
    assert repr(keys).splitlines() == [
        "name                 file  provider  last4  risk",
        f"OPENAI_API_KEY       .env  openai    …{OPENAI[-4:]}",
        f"VITE_GEMINI_API_KEY  .env  gemini    …{GEMINI[-4:]}  {risk}",
        ".env: VIMEO_TOKEN is a placeholder or names another variable",
    ]
    table = keys.to_dataframe()
    assert list(table.columns) == ["name", "file", "provider", "last4", "risk"]
    assert table.values.tolist() == [
        ["OPENAI_API_KEY", ".env", "openai", f"…{OPENAI[-4:]}", ""],
        [
            "VITE_GEMINI_API_KEY",
            ".env",
            "gemini",
            f"…{GEMINI[-4:]}",
            risk,
        ],
    ]


def test_nothing_shows_a_key_or_another_variable(tmp_path: Path) -> None:
    written(tmp_path, f"OPENAI_API_KEY={OPENAI}\nPASSWORD=hunter2-hunter2\n")
    keys = find_keys(tmp_path)
    shown = [
        repr(keys),
        keys._repr_html_(),
        keys.to_dataframe().to_csv(),
        repr(keys[0]),
    ]
    shown += [repr(vars(keys)), str(keys[:])]
    assert "OPENAI_API_KEY" in shown[0]
    for text in shown:
        assert OPENAI not in text
        assert OPENAI[-5:] not in text
        assert "hunter2" not in text
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(keys[0])


def test_the_environment_is_neither_read_nor_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PART", "abcdefgh")
    text = f"OPENAI_API_KEY={OPENAI}\nGEMINI_API_KEY=${{PART}}12345678\n"
    written(tmp_path, text + "DEEPSEEK_API_KEY=$PART\n")
    before = dict(os.environ)
    keys = find_keys(tmp_path)
    take_keys(keys, MemoryStore())
    comment_out(keys)
    assert dict(os.environ) == before
    assert rows(keys) == [("OPENAI_API_KEY", ".env", "openai")]
    assert "GEMINI_API_KEY is a placeholder or names another" in keys.notes[0]


def test_files_above_are_found_up_to_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repository" / "a" / "notebooks"
    inner.mkdir(parents=True)
    for folder in (inner, inner.parent, inner.parents[1], tmp_path):
        written(folder, f"OPENAI_API_KEY={OPENAI}\n")
    written(inner, f"OPENAI_API_KEY={OTHER}\n", ".env.local")
    files = [".env", ".env.local", "../.env", "../../.env", "../../../.env"]
    assert [file for _, file, _ in rows(find_keys(inner))] == files
    (tmp_path / "repository" / ".git").mkdir()
    assert [file for _, file, _ in rows(find_keys(inner))] == files[:-1]


def test_the_search_ends_at_home_and_three_folders_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "1" / "2" / "3" / "4"
    inner.mkdir(parents=True)
    for folder in inner.parents[:4]:
        written(folder, f"OPENAI_API_KEY={OPENAI}\n")
    assert [file for _, file, _ in rows(find_keys(inner))] == [
        "../.env",
        "../../.env",
        "../../../.env",
    ]
    monkeypatch.setenv("HOME", str(inner.parents[1]))
    monkeypatch.setenv("USERPROFILE", str(inner.parents[1]))
    assert [file for _, file, _ in rows(find_keys(inner))] == ["../.env", "../../.env"]


@posix
def test_only_ordinary_files_of_ordinary_size_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    target = written(tmp_path, f"OPENAI_API_KEY={OPENAI}\n", "elsewhere")
    (folder / ".env.link").symlink_to(target)
    os.mkfifo(folder / ".env.pipe")
    (folder / ".env.folder").mkdir()
    (folder / ".env.device").symlink_to("/dev/zero")
    written(folder, f"OPENAI_API_KEY={OPENAI}\n" + "#" * 300_000, ".env.large")
    (folder / ".env.utf16").write_text(f"OPENAI_API_KEY={OPENAI}\n", "utf-16")
    keys = find_keys(folder)
    assert len(keys) == 0
    assert [note.split(" ", 1) for note in keys.notes] == [
        [".env.device", "is a link: search the folder of the file that it points to"],
        [".env.large", "has more than 256 kB"],
        [".env.link", "is a link: search the folder of the file that it points to"],
        [".env.pipe", "is no ordinary file"],
        [".env.utf16", "is UTF-16 or no text: save it as UTF-8"],
    ]


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="gone cannot be searched"):
        find_keys(tmp_path / "gone")
    with pytest.raises(VaultError, match=r"file.txt cannot be searched"):
        find_keys(written(tmp_path, "A=b", "file.txt"))


def test_keys_of_declared_providers_are_found(tmp_path: Path) -> None:
    written(tmp_path, "ACME_API_KEY_TEST=abcdefgh12345678\n")
    providers = KeyProviders()
    assert len(find_keys(tmp_path, providers=providers)) == 0
    address = "https://acme.example/me"
    providers.declare(
        KeyProvider(name="acme", address=address, variables=("ACME_API_KEY*",))
    )
    found = find_keys(tmp_path, providers=providers)
    assert rows(found) == [("ACME_API_KEY_TEST", ".env", "acme")]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "changeme",
        "CHANGE_ME",
        "change-this-key",
        "your-api-key",
        "your_openai_api_key_here",
        "YOUR_KEY",
        "sk-your-key-here",
        "<your key>",
        "<OPENAI>",
        "[key]",
        "{{ openai_key }}",
        "%OPENAI%",
        "xxxxxxxx",
        "sk-xxxxxxxxxxxxxxxx",
        "sk-ant-XXXXXXXX",
        "sk-...",
        "AIza…",
        "********",
        "000000000000",
        "none",
        "null",
        "TODO",
        "insert-your-key",
        "paste_key_here",
        "replace-me",
        "example-key",
        "${OPENAI_KEY}",
        "$OPENAI_KEY",
        "$(pass openai)",
        "`pass openai`",
        "op://vault/openai/key",
    ],
)
def test_what_stands_for_a_key_is_no_key(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        OPENAI,
        OTHER,
        GEMINI,
        "sk-ant-api03-R2D2_c3po-Zx9-yourz7_QAA",
        "123456789:AAF0xK3jd8Wq-todoX_9sLmPz7Yv2Rb5Tn1c",
        "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "sk_test_51HxYzAbCdEfGh",
    ],
)
def test_a_key_is_none_that_stands_for_one(value: str) -> None:
    assert not is_placeholder(value)


def test_what_no_key_can_be_is_passed_over_with_its_reason(tmp_path: Path) -> None:
    text = "OPENAI_API_KEY=ab cd ef gh\nGEMINI_API_KEY=short\n"
    written(tmp_path, text + 'DEEPSEEK_API_KEY="line one\nline two"\n')
    keys = find_keys(tmp_path)
    assert len(keys) == 0
    assert [note.removeprefix(".env: ").split(" ")[0:3] for note in keys.notes] == [
        ["OPENAI_API_KEY", "holds", "a"],
        ["GEMINI_API_KEY", "has", "less"],
        ["DEEPSEEK_API_KEY", "holds", "a"],
    ]
    assert "line one" not in repr(keys)


@posix
def test_a_file_that_others_can_read_is_a_risk() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        file = written(folder, f"OPENAI_API_KEY={OPENAI}\n", mode=0o644)
        assert find_keys(folder)[0].risks == (
            "everyone on this machine can read the file: chmod 600",
        )
        file.chmod(0o600)
        assert find_keys(folder)[0].risks == ()
        # What nobody else can reach, nobody else can read.
        file.chmod(0o644)
        folder.chmod(0o700)
        assert find_keys(folder)[0].risks == ()


@posix
@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() != 0, reason="only root gives files away"
)
def test_a_file_of_another_user_is_a_risk_and_stays_as_it_is(tmp_path: Path) -> None:
    file = written(tmp_path, f"OPENAI_API_KEY={OPENAI}\n")
    os.chown(file, 54_321, 54_321)
    keys = find_keys(tmp_path)
    assert keys[0].risks == ("another user owns the file",)
    with pytest.raises(VaultError, match="belongs to another user"):
        comment_out(keys)
    file.chmod(0o640)
    assert "the group 54321 can read the file" in find_keys(tmp_path)[0].risks[1]


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


@pytest.mark.parametrize("version", ["2", "4"])
@pytest.mark.parametrize("hash_name", ["sha1", "sha256"])
def test_a_file_that_git_tracks_is_a_risk(
    tmp_path: Path, version: str, hash_name: str
) -> None:
    git(tmp_path, "init", "-q", f"--object-format={hash_name}")
    git(tmp_path, "config", "index.version", version)
    inner = tmp_path / "sub folder"
    inner.mkdir()
    for name in ("a", "b", ".env.example", "sub folder/.env", "sub folder/z"):
        written(tmp_path, f"OPENAI_API_KEY={OPENAI}\n", name)
    written(inner, f"OPENAI_API_KEY={OTHER}\n", ".env.local")
    git(tmp_path, "add", "a", "b", ".env.example", "sub folder/.env", "sub folder/z")
    # An entry with an extended flag (version 3).
    written(tmp_path, "x", "later")
    git(tmp_path, "add", "--intent-to-add", "later")
    risks = {key.file.name: key.risks for key in find_keys(inner)}
    tracked = "git tracks the file: the key is in its history, make a new one"
    assert risks == {
        ".env": (tracked,),
        ".env.local": (),
        ".env.example": (tracked,),
    }
    git(tmp_path, "rm", "-q", "--cached", "sub folder/.env")
    assert not git_tracks(inner / ".env")
    index = tmp_path / ".git" / "index"
    for cut in range(0, index.stat().st_size, 7):
        index.write_bytes(index.read_bytes()[:-7])
        git_tracks(tmp_path / ".env.example")
        assert cut >= 0


def test_a_worktree_of_git_is_read_too(tmp_path: Path) -> None:
    main, other = tmp_path / "main", tmp_path / "other"
    main.mkdir()
    git(main, "init", "-q")
    written(main, f"OPENAI_API_KEY={OPENAI}\n")
    git(main, "add", ".env")
    git(main, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x")
    git(main, "worktree", "add", "-q", str(other))
    assert git_tracks(other / ".env")
    assert not git_tracks(other / ".env2")


def test_what_is_chosen_is_taken_and_nothing_else(tmp_path: Path) -> None:
    text = f"OPENAI_API_KEY={OPENAI}\nGEMINI_API_KEY={GEMINI}\n"
    file = written(tmp_path, text)
    keys, store = find_keys(tmp_path), MemoryStore()
    assert take_keys(keys.chosen(["GEMINI_API_KEY"]), store) == ["gemini"]
    assert store.names() == ["gemini"]
    assert store.get("gemini") == Secret(GEMINI)
    assert take_keys(keys.chosen(["GEMINI_API_KEY"]), store) == []
    assert take_keys(keys.chosen([keys[0]]), store) == ["openai"]
    assert file.read_text() == text


def test_a_choice_that_is_not_clear_is_an_error(tmp_path: Path) -> None:
    written(tmp_path, f"OPENAI_API_KEY={OPENAI}\nOPENAI_KEY={OTHER}\n")
    written(tmp_path, f"OPENAI_API_KEY={OTHER}\nGEMINI_API_KEY={GEMINI}\n", ".env.b")
    written(tmp_path, f"GEMINI_API_KEY={GEMINI}\n", ".env.c")
    keys, store = find_keys(tmp_path), MemoryStore()
    with pytest.raises(VaultError, match=r"choose '\.env:OPENAI_API_KEY' or '\.env\.b"):
        keys.chosen(["OPENAI_API_KEY"])
    with pytest.raises(VaultError, match="did you mean 'OPENAI_KEY'"):
        keys.chosen(["OPENAI_KEYS"])
    with pytest.raises(VaultError, match="are both keys of 'openai'"):
        take_keys(keys.chosen([".env:OPENAI_API_KEY", "OPENAI_KEY"]), store)
    assert store.names() == []
    # The same value in two files is one key.
    assert take_keys(keys.chosen(["GEMINI_API_KEY"]), store) == ["gemini"]
    store.put("openai", Secret("sk-an-older-key"))
    with pytest.raises(VaultError, match=r"another key of 'openai'.*replace=True"):
        take_keys(keys.chosen(["OPENAI_KEY"]), store)
    assert take_keys(keys.chosen(["OPENAI_KEY"]), store, replace=True) == ["openai"]
    assert store.get("openai") == Secret(OTHER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b"A=1\nOPENAI_API_KEY=%s # mine\nB=2\n",
            b"A=1\n# OPENAI_API_KEY=%s # mine\nB=2\n",
        ),
        (b"A=1\r\nOPENAI_API_KEY=%s\r\n", b"A=1\r\n# OPENAI_API_KEY=%s\r\n"),
        (b"\xef\xbb\xbfOPENAI_API_KEY=%s", b"\xef\xbb\xbf# OPENAI_API_KEY=%s"),
        (
            b"A=\xff\xfe\x80\nexport OPENAI_API_KEY='%s'\n\n\n",
            b"A=\xff\xfe\x80\n# export OPENAI_API_KEY='%s'\n\n\n",
        ),
        (
            b"OPENAI_API_KEY=old\nOPENAI_API_KEY=%s\n",
            b"# OPENAI_API_KEY=old\n# OPENAI_API_KEY=%s\n",
        ),
        (
            b"NOTE='\nOPENAI_API_KEY=no\n'\nOPENAI_API_KEY=%s",
            b"NOTE='\nOPENAI_API_KEY=no\n'\n# OPENAI_API_KEY=%s",
        ),
    ],
)
def test_a_line_is_commented_out_and_no_other_byte_changes(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    file = tmp_path / ".env"
    file.write_bytes(before % OPENAI.encode())
    file.chmod(0o640)
    assert comment_out(find_keys(tmp_path)) == [file]
    assert file.read_bytes() == after % OPENAI.encode()
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o640
    assert len(find_keys(tmp_path)) == 0
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_a_file_that_changed_meanwhile_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, f"OPENAI_API_KEY={OPENAI}\n")
    keys = find_keys(tmp_path)
    file.write_text(f"OPENAI_API_KEY={OTHER}\n")
    with pytest.raises(VaultError, match="has changed since it was searched"):
        comment_out(keys)
    assert file.read_text() == f"OPENAI_API_KEY={OTHER}\n"

    # And one that changes while the new one is written.
    keys = find_keys(tmp_path)
    changed = f"OPENAI_API_KEY={OTHER}\nMORE=1\n"

    def late(text: str, chosen: list[Assignment]) -> str:
        file.write_text(changed)
        return commented_out(text, chosen)

    monkeypatch.setattr("timeline_nb.security.env_comment.commented_out", late)
    with pytest.raises(VaultError, match="has changed since it was searched"):
        comment_out(keys)
    assert file.read_text() == changed
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


@posix
def test_a_file_with_several_names_stays_as_it_is(tmp_path: Path) -> None:
    file = written(tmp_path, f"OPENAI_API_KEY={OPENAI}\n")
    os.link(file, tmp_path / "second")
    with pytest.raises(VaultError, match="2 names"):
        comment_out(find_keys(tmp_path))
    (tmp_path / "second").unlink()
    keys = find_keys(tmp_path)
    file.rename(tmp_path / "moved")
    file.symlink_to(tmp_path / "moved")
    with pytest.raises(VaultError, match="is a link"):
        comment_out(keys)
    assert file.is_symlink()
