"""A new Python plugin's project: a folder that is installed, tested and enabled."""

import keyword
import re
from pathlib import Path
from typing import Final

from timeline_nb.core.file_errors import file_errors
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.python_plugins.entries import is_name

__all__ = ["new_python_project"]

_TEMPLATE: Final = Path(__file__).parent / "template"


def new_python_project(name: str, *, parent: Path | None = None) -> Path:
    """Create a project's folder and return it.

    Args:
        name: The plugin's name, such as `acme.film`; package, module and folder have
            the same with `-` and `_`.
        parent: Where the folder is created; the working folder if not given.

    Raises:
        PluginError: The name is none, or there is such a file or folder.

    Example:
        >>> folder = new_python_project("acme.film")  # doctest: +SKIP
    """
    module = re.sub("[.-]", "_", name)
    if not is_name(name) or not module.isidentifier() or keyword.iskeyword(module):
        raise PluginError(
            Message(
                "{name} is no name of a Python plugin: write small letters, "
                "digits, '.', '-' and '_', beginning with a letter, such as "
                "'acme.film'",
                name=repr(name[:100]),
            )
        )
    package = re.sub("[._]", "-", name)
    words = {
        "ID": name,
        "PACKAGE": package,
        "MODULE": module,
        "TITLE": re.sub("[._-]", " ", name).capitalize(),
    }
    texts = {
        "README.md": _filled("README.md", words),
        "pyproject.toml": _filled("pyproject.toml", words),
        f"{module}/__init__.py": _filled("plugin.py", words),
        f"tests/test_{module}.py": _filled("test.py", words),
    }
    folder = (parent or Path.cwd()) / package
    with file_errors(folder, PluginError, verb="created"):
        if folder.exists():
            raise PluginError(
                Message(
                    "{folder} exists: choose another name, or delete it", folder=folder
                )
            )
        for path, text in texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="\n")
    return folder


def _filled(template: str, words: dict[str, str]) -> str:
    text = (_TEMPLATE / f"{template}.txt").read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text
