# ruff: noqa: RUF001 - letters of other scripts are what is tested
"""Encodings: what a file says, what its bytes show, and what is guessed and told."""

import codecs
from pathlib import Path

import pytest

from timeline_nb.errors import TimelineError
from timeline_nb.subtitles.encodings import read_text

RUSSIAN = (
    "Я не знаю, куда он ушёл.\nМожет быть, он вернётся завтра.\nСпасибо за помощь!"
)
ROWS = {
    "cp1250": "Nie wiem, dokąd poszedł.\nProszę, usiądź. Dziękuję.\nCześć!",
    "cp1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "cp1252": "Je ne sais pas où il est allé.\nÇa va très bien, frère.\nVoilà",
    "gb2312": "我不知道他去哪里了。\n也许他明天会回来。\n没关系，我们等一会儿再说",
    "gb18030": "我不知道他去哪里了。\n也许他明天会回来。\n没关系，我们等一会儿再说",
    "big5": "我不知道他去哪裡了。\n也許他明天會回來。\n沒關係，我們等一會兒再說",
    "shift_jis": "彼がどこへ行ったのか分からない。\n明日戻るかもしれない。\nはい",
    "euc-kr": "그가 어디로 갔는지 모르겠어요.\n아마 내일 돌아올 거예요.\n고마워",
}
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def srt(rows: str) -> str:
    entries = [
        f"{n}\r\n00:00:0{n},000 --> 00:00:0{n},900\r\n{row}\r\n\r\n"
        for n, row in enumerate(rows.split("\n"), 1)
    ]
    return "".join(entries)


@pytest.mark.parametrize("has_mark", [True, False])
@pytest.mark.parametrize("name", list(MARKS))
def test_unicode_is_known_by_its_mark_or_by_its_bytes(
    tmp_path: Path, name: str, *, has_mark: bool
) -> None:
    text = srt(RUSSIAN) + srt(ROWS["big5"])
    path = tmp_path / "a.srt"
    path.write_bytes((MARKS[name] if has_mark else b"") + text.encode(name))
    found = read_text(path, encoding=None)
    assert (found.text, found.encoding, found.note) == (text, name, "")


@pytest.mark.parametrize("name", list(ROWS))
def test_other_encodings_are_guessed_and_the_guess_is_told(
    tmp_path: Path, name: str
) -> None:
    text = srt(ROWS[name])
    path = tmp_path / "a.srt"
    path.write_bytes(text.encode(name))
    found = read_text(path, encoding=None)
    assert found.text == text
    assert "guessed: give encoding=" in found.note
    decoded = read_text(path, encoding=name)
    assert (decoded.text, decoded.note) == (text, "")


def test_a_damaged_letter_does_not_make_utf_8_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    data = srt(RUSSIAN * 3).encode()
    path.write_bytes(data[:60] + b"\xff" + data[60:])
    found = read_text(path, encoding=None)
    assert found.encoding == "utf-8"
    assert "row 3: it is not utf-8 there" in found.note
    assert "Спасибо за помощь" in found.text


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(b"one\n\x01\x02\x03\x04\x05\x06\x07" * 9)
    with pytest.raises(TimelineError, match=r"a\.srt is not text: row 2"):
        read_text(path, encoding=None)
    path.write_bytes(b"hello")
    for name in ("nonsense", "rot13", "hex"):
        with pytest.raises(TimelineError, match=f"'{name}' is not a text encoding"):
            read_text(path, encoding=name)
    with path.open("wb") as file:
        file.truncate(33 << 20)
    with pytest.raises(TimelineError, match="34,603,008 bytes, more than 33,554"):
        read_text(path, encoding=None)
