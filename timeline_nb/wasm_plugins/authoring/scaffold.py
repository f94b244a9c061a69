"""A new plugin's project: a folder that builds, is tested and can be installed."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import PluginError

__all__ = ["Language", "ProjectType", "new_project"]

Language: TypeAlias = Literal["assemblyscript", "c", "rust"]
ProjectType: TypeAlias = Literal[
    "effect", "transition", "generator", "analyzer", "importer", "exporter", "tool"
]

# Files of the examples, beside what all projects have.
_EXAMPLES: Final = {
    "importer": ("example.named", "empty.named", "example.json"),
    "exporter": ("example.named", "example.json"),
}
_TEMPLATES: Final = Path(__file__).parent / "templates"
_PART: Final = "[a-z0-9]+([_-][a-z0-9]+)*"
_ID: Final = re.compile(rf"({_PART}\.)*{_PART}")


@dataclass(frozen=True)
class _Facts:
    """What differs between languages.

    Args:
        title: The language's name.
        suffix: Of its files.
        needs: The command that installs what builds it.
        others: More files of the template.
    """

    title: str
    suffix: str
    needs: str
    others: tuple[str, ...] = ()


_LANGUAGES: Final[dict[str, _Facts]] = {
    "assemblyscript": _Facts(
        "AssemblyScript", "ts", "apt-get install npm   # or Node 20", ("package.json",)
    ),
    "c": _Facts("C", "h", "apt-get install clang-14 lld-14"),
    "rust": _Facts("Rust", "rs", "apt-get install rustc libstd-rust-dev-wasm32 lld"),
}


def new_project(
    name: str, language: str, kind: str = "effect", *, parent: Path | None = None
) -> Path:
    """Create a project's folder and return it.

    Args:
        name: The plugin's id, such as `org.example.sparkle`, or its last part; the
            folder has the name of the last part.
        language: `assemblyscript`, `c` or `rust`.
        kind: What the plugin is: `effect`, `transition`, `generator`, `analyzer`,
            `importer`, `exporter` or `tool`.
        parent: Where the folder is created; the working folder if not given.

    Raises:
        PluginError: The name is none, or there is such a file or folder.

    Example:
        >>> folder = new_project("org.example.sparkle", "c")  # doctest: +SKIP
    """
    if len(name) > 100 or not _ID.fullmatch(name):
        raise PluginError(
            f"{name[:100]!r} is no name of a plugin: write small letters, digits, "
            "- and _, such as 'sparkle' or 'org.example.sparkle'"
        )
    _check_choice("language", language, get_args(Language))
    _check_choice("type", kind, get_args(ProjectType))
    file = name.rpartition(".")[2]
    folder = (parent or Path.cwd()) / file
    texts = _texts(name, file, language, kind)
    with file_errors(folder, PluginError, verb="created"):
        if folder.exists():
            raise PluginError(f"{folder} exists: choose another name, or delete it")
        folder.mkdir(parents=True)
        for path, text in texts.items():
            (folder / path).write_text(text, encoding="utf-8", newline="\n")
        (folder / "build.sh").chmod(0o755)
    return folder


def _check_choice(what: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        hint = suggestion(given, choices)
        raise PluginError(f"there is no {what} {given!r}{hint}")


def _texts(name: str, file: str, language: str, kind: str) -> dict[str, str]:
    """Return the files of a project by name."""
    facts = _LANGUAGES[language]
    code = "c" if language == "c" else facts.suffix
    words = {
        "ID": name if "." in name else f"local.{name}",
        "FILE": file,
        "TITLE": re.sub("[-_]", " ", file).capitalize(),
        "LANGUAGE": facts.title,
        "SOURCE": f"plugin.{code}",
        "ABI": f"abi.{facts.suffix}",
        "NEEDS": facts.needs,
    }
    parts = {
        "manifest.json": f"manifest/{kind}.json",
        "tests.json": f"tests/{kind}.json",
        "README.md": "README.md",
        words["SOURCE"]: f"{language}/{kind}.{code}",
        words["ABI"]: f"{language}/abi.{facts.suffix}",
        **{other: f"{language}/{other}" for other in facts.others},
        **{one: f"tests/{one}" for one in _EXAMPLES.get(kind, ())},
    }
    texts = {path: _filled(template, words) for path, template in parts.items()}
    build = _filled(f"{language}/build.sh", words) + _filled("hash.sh", words)
    return {**texts, "build.sh": build}


def _filled(template: str, words: dict[str, str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text
