"""Every message of the interface is in the catalogues."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

from timeline_nb.i18n import CATALOGUES

SOURCES = Path(__file__).parents[2] / "widgets-js" / "src"
# t("..."), over a line break too.
CALL = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')


def messages() -> set[str]:
    """What the front end says."""
    return {
        found
        for path in SOURCES.rglob("*.ts")
        if not path.name.endswith(".test.ts")
        for found in CALL.findall(path.read_text("utf-8"))
    }


def test_the_template_lists_every_message() -> None:
    with (CATALOGUES / "messages.pot").open("rb") as file:
        listed = {str(message.id) for message in read_po(file) if message.id}
    assert listed == messages()
    assert len(listed) > 80


def test_each_catalogue_keeps_the_names_in_its_messages() -> None:
    for path in CATALOGUES.glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string:
                    names = re.findall(r"\{\w+\}", str(message.id))
                    told = re.findall(r"\{\w+\}", str(message.string))
                    assert sorted(names) == sorted(told), f"{path.name}: {message.id}"
