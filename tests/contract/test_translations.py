"""The template lists every message, and nothing else."""

from babel.messages.pofile import read_po
from messages import Message, messages

from timeline_nb.i18n import CATALOGUES


def test_the_template_lists_every_message() -> None:
    with (CATALOGUES / "messages.pot").open("rb") as file:
        listed = {
            Message(ids[0], "".join(ids[1:]), str(message.auto_comments[0]))
            for message in read_po(file)
            if message.id
            for ids in [(message.id,) if isinstance(message.id, str) else message.id]
        }
    assert listed == set(messages()), "run: python tests/write_messages.py"
    assert len(listed) > 300
