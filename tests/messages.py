"""All messages of the interface, as they stand in the sources."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from babel.messages.catalog import Catalog

from timeline_nb.cli.app import app
from timeline_nb.cli.words import help_messages
from timeline_nb.commands.registry import COMMANDS
from timeline_nb.effects.labels import catalog_hints, catalog_labels
from timeline_nb.python_plugins.plugins import FULL_RIGHTS

ROOT: Final = Path(__file__).parents[1]
_FRONT_END: Final = ROOT / "widgets-js" / "src"
_PACKAGE: Final = ROOT / "timeline_nb"
_CLI: Final = _PACKAGE / "cli"
_TEXT: Final = r'"((?:[^"\\]|\\.)*)"'
_SINGLE: Final = re.compile(rf"\bt\(\s*{_TEXT}")
_COUNTED: Final = re.compile(rf"\btn\(\s*{_TEXT}\s*,\s*{_TEXT}")


@dataclass(frozen=True, order=True)
class Message:
    """A message, and what a translator is told of it.

    Args:
        text: In English; of a count, for one.
        plural: Of a count, for many; empty if it counts nothing.
        place: Where a person reads it.
    """

    text: str
    plural: str = ""
    place: str = "editor"


def messages() -> list[Message]:
    """Return all messages, in order; each once, at the first place that has it."""
    found: dict[str, Message] = {}
    for message in all_messages():
        known = found.setdefault(message.text, message)
        if message.plural and not known.plural:
            found[message.text] = message
    return sorted(found.values())


def all_messages() -> Iterator[Message]:
    """Yield all messages, each as often as it stands somewhere."""
    yield from _of_front_end()
    yield from _of_history()
    yield from _of_command_line()
    yield from _of_catalog()
    yield from _of_errors()


def _of_front_end() -> Iterator[Message]:
    for path in sorted(_FRONT_END.rglob("*.ts")):
        if path.name.endswith(".test.ts"):
            continue
        source = path.read_text("utf-8")
        yield from (Message(_plain(text)) for text in _SINGLE.findall(source))
        for one, many in _COUNTED.findall(source):
            yield Message(_plain(one), _plain(many))


def _plain(text: str) -> str:
    """Return a string literal's text: of TypeScript's escapes we write JSON's."""
    plain: str = ast.literal_eval(f'"{text}"')
    return plain


def _of_history() -> Iterator[Message]:
    yield from (Message(kind.label, place="history") for kind in COMMANDS.values())


def _of_catalog() -> Iterator[Message]:
    yield from (Message(label, place="catalog") for label in catalog_labels())
    yield from (Message(hint, place="hint") for hint in catalog_hints() if hint)


def _of_errors() -> Iterator[Message]:
    """What the kernel says that the editor shows in another language."""
    for path in sorted(_PACKAGE.rglob("*.py")):
        source = path.read_text("utf-8")
        if "Message" not in source or path.is_relative_to(_PACKAGE / "i18n"):
            continue
        for call in ast.walk(ast.parse(source)):
            if not isinstance(call, ast.Call):
                continue
            match ast.unparse(call.func), call.args:
                case "Message", [ast.Constant(value=str(text))]:
                    yield Message(text, place="error")
                case "Message.counted", [
                    ast.Constant(value=str(one)),
                    ast.Constant(value=str(many)),
                    _,
                ]:
                    yield Message(one, many, place="error")


def _of_command_line() -> Iterator[Message]:
    place = "command line"
    yield Message(FULL_RIGHTS, place=place)
    for text in help_messages(typer.main.get_command(app)):
        yield Message(text, place=place)
    for path in sorted(_CLI.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            count = {"t": 1, "tn": 2}.get(call.func.id, 0)
            texts = [
                str(one.value)
                for one in call.args[:count]
                if isinstance(one, ast.Constant)
            ]
            if texts:
                yield Message(texts[0], "".join(texts[1:]), place)


def template() -> Catalog:
    """Return the template: every message, untranslated."""
    catalog = Catalog(project="timeline_nb", charset="utf-8")
    for message in messages():
        ids = (message.text, message.plural) if message.plural else message.text
        catalog.add(ids, auto_comments=[message.place])
    return catalog
