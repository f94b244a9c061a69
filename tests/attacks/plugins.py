"""Modules that mean harm, and what each of them must end with."""

from dataclasses import dataclass, replace

from plugins_factory import (
    ABI,
    ALLOC,
    BODY,
    HOST,
    MEMORY,
    answering,
    asking,
    picturing,
)

from timeline_nb.wasm_plugins.levels import LEVELS, Limits

LIMITS = LEVELS["minimal"]
# For what never ends; others have time, on a busy machine too.
SHORT = replace(LIMITS, seconds=0.3)


@dataclass(frozen=True)
class Hostile:
    """A module.

    Args:
        text: In WebAssembly's text.
        message: A part of the error that stops it.
    """

    text: str
    message: str

    @property
    def limits(self) -> Limits:
        return SHORT if self.message == TOO_LONG else LIMITS


def called(body: str, *, locals_: str = "") -> str:
    return (
        f'(func (export "tnb_call") (param i32 i32) (result i64) {locals_} {body} '
        "i64.const 0)"
    )


ASKS_FOREVER = (
    '(data (i32.const 1024) "{\\"call\\":\\"log\\",\\"text\\":\\"x\\"}")'
    + called("(loop $l (drop (call $host (i32.const 1024) (i32.const 25))) (br $l))")
)
TOO_LONG = "longer than 0.3 s"
HOSTILE = {
    "endless loop": Hostile(BODY + called("(loop $l (br $l))"), TOO_LONG),
    "endless start function": Hostile(
        BODY + called("") + "(func $s (loop $l (br $l))) (start $s)", TOO_LONG
    ),
    "endless host calls": Hostile(HOST + BODY + ASKS_FOREVER, TOO_LONG),
    "endless allocation": Hostile(
        ABI
        + MEMORY
        + '(func (export "tnb_alloc") (param i32) (result i32) (loop $l (br $l)) '
        + "i32.const 0)"
        + called(""),
        TOO_LONG,
    ),
    "endless abi": Hostile(
        MEMORY
        + ALLOC
        + '(func (export "tnb_abi") (result i32) (loop $l (br $l)) i32.const 1)'
        + called(""),
        TOO_LONG,
    ),
    "other abi": Hostile(
        MEMORY
        + ALLOC
        + called("")
        + '(func (export "tnb_abi") (result i32) i32.const 2)',
        "another interface",
    ),
    "endless recursion": Hostile(
        BODY + "(func $f (result i64) (i64.add (call $f) (i64.const 1)))"
        '(func (export "tnb_call") (param i32 i32) (result i64) (call $f))',
        "nested too deeply",
    ),
    "recursion through the host": Hostile(
        HOST
        + ABI
        + MEMORY
        + '(func (export "tnb_alloc") (param i32) (result i32) '
        + "(drop (call $host (i32.const 1024) (i32.const 25))) i32.const 2048)"
        + '(data (i32.const 1024) "{\\"call\\":\\"log\\",\\"text\\":\\"x\\"}")'
        + called("(drop (call $host (i32.const 1024) (i32.const 25)))"),
        "memory functions call the host",
    ),
    "host call in the start function": Hostile(
        HOST
        + BODY
        + called("")
        + "(func $s (drop (call $host (i32.const 0) (i32.const 9)))) (start $s)",
        "exports no memory",
    ),
    "4 GiB to begin with": Hostile(
        ABI + ALLOC + called("") + '(memory (export "memory") 60000)', "more memory"
    ),
    "a table of 100 million": Hostile(
        BODY + called("") + "(table 100000000 funcref)", "more tables"
    ),
    "60,000 brackets": Hostile(BODY + answering("[" * 60_000), "no object"),
    "60,000 braces": Hostile(BODY + answering('{"a":' * 60_000), "nested"),
    "100 levels": Hostile(
        BODY + answering('{"a":' * 100 + "1" + "}" * 100), "more than 64 levels"
    ),
    "not text": Hostile(BODY + answering(b'{"a": "\xff"}'), "no object"),
    "not a number": Hostile(BODY + answering('{"a": NaN}'), "no object"),
    "an answer outside": Hostile(
        BODY + '(func (export "tnb_call") (param i32 i32) (result i64) i64.const -1)',
        "more than 1,048,576 bytes",
    ),
    "an answer over the end": Hostile(
        BODY
        + '(func (export "tnb_call") (param i32 i32) (result i64) '
        + "i64.const 0xfffffff800000010)",
        "outside its memory",
    ),
    "signed pointers": Hostile(
        ABI
        + MEMORY
        + '(func (export "tnb_alloc") (param i32) (result i32) i32.const -8)'
        + called(""),
        "outside its memory",
    ),
    "no memory left": Hostile(
        ABI
        + MEMORY
        + '(func (export "tnb_alloc") (param i32) (result i32) i32.const 0)'
        + called(""),
        "no memory",
    ),
    "reads outside": Hostile(
        BODY + called("(drop (i32.load (i32.const 0x7fffffff)))"), "outside its memory"
    ),
    "stops itself": Hostile(BODY + called("unreachable"), "stopped itself"),
    "divides by zero": Hostile(
        BODY + called("(drop (i32.div_u (i32.const 1) (i32.const 0)))"),
        "division by zero",
    ),
    "another signature": Hostile(
        BODY + '(func (export "tnb_call") (param i32) (result i64) i64.const 0)',
        "parameters",
    ),
    "answers a float": Hostile(
        BODY + '(func (export "tnb_call") (param i32 i32) (result f64) f64.const nan)',
        "not those of the interface",
    ),
    "answers two values": Hostile(
        BODY
        + '(func (export "tnb_call") (param i32 i32) (result i64 i64) '
        + "i64.const 0 i64.const 0)",
        "not those of the interface",
    ),
    "allocates floats": Hostile(
        ABI
        + MEMORY
        + '(func (export "tnb_alloc") (param i32) (result f32) f32.const inf)'
        + called(""),
        "not those of the interface",
    ),
}


# Rows that are none: what stands in an answer to a picture, and the fault it is.
_ROWS = {
    "no object": ("[1]", "cannot be read"),
    "not a number": ('{"rows": [{"mean": NaN, "word": ""}]}', "cannot be read"),
    "infinite": ('{"rows": [{"mean": 1e999, "word": ""}]}', "cannot be read"),
    "rows of text": ('{"rows": ["mean"]}', "cannot be read"),
    "a missing column": ('{"rows": [{"mean": 1}]}', "column 'word' is missing"),
    "another column": ('{"rows": [{"mean": 1, "word": "", "x": 1}]}', "'x' is no col"),
    "text for a number": ('{"rows": [{"mean": "1", "word": ""}]}', "no finite number"),
    "true for a number": ('{"rows": [{"mean": true, "word": ""}]}', "no finite numb"),
    "a list for a number": ('{"rows": [{"mean": [1], "word": ""}]}', "no finite num"),
    "a number for text": ('{"rows": [{"mean": 1, "word": 2}]}', "no text of up to"),
    "long text": (
        '{"rows": [{"mean": 1, "word": "' + "x" * 2_001 + '"}]}',
        "no text of up to 2,000",
    ),
    "another picture": (
        '{"rows": [{"mean": 1, "word": "", "frame": 99}]}',
        "frame: 99 is none",
    ),
    "half a picture": (
        '{"rows": [{"mean": 1, "word": "", "frame": 0.5}]}',
        "frame: 0.5 is none",
    ),
    "10,001 rows": (
        '{"rows": [' + ",".join(['{"mean":1,"word":""}'] * 10_001) + "]}",
        "more than 10,000 rows",
    ),
    "60,000 brackets": ('{"rows": [{"mean": ' + "[" * 60_000, "its answer"),
}
_PICTURE = '(func (export "tnb_picture") (param i32 i32 i32 i32 i64 i64 i64) '
HOSTILE_ANALYZERS = {
    **{name: Hostile(picturing(text), why) for name, (text, why) in _ROWS.items()},
    "an endless picture": Hostile(picturing("{}", "(loop $l (br $l))"), TOO_LONG),
    "an endless beginning": Hostile(
        called("(loop $l (br $l))") + _PICTURE + "(result i64) i64.const 0)", TOO_LONG
    ),
    "an answer of 4 GiB": Hostile(
        answering("{}") + _PICTURE + "(result i64) i64.const -1)",
        "more than 1,048,576 bytes",
    ),
    "an answer behind the end": Hostile(
        answering("{}") + _PICTURE + "(result i64) i64.const 0xfffffff800000010)",
        "outside its memory",
    ),
    "fewer arguments": Hostile(
        answering("{}")
        + '(func (export "tnb_picture") (param i32) (result i64) i64.const 0)',
        "parameters",
    ),
    "answers a float": Hostile(
        answering("{}") + _PICTURE + "(result f64) f64.const nan)",
        "not those of the interface",
    ),
    "reads outside": Hostile(
        picturing("{}", "(drop (i32.load (i32.const 0x7fffffff)))"),
        "outside its memory",
    ),
    "stops itself": Hostile(picturing("{}", "unreachable"), "stopped itself"),
}

_EDIT = '{"edit": {"format": "timeline_nb.project", "version": 1, "timeline": %s}}'
_TRACK = (
    '{"name": "x", "rate": "25", "size": [64, 48], "tracks": '
    '[{"kind": "video", "name": "V1", "items": [%s]}]}'
)
_CLIP = (
    '{"type": "clip", "media": {"path": "%s"}, '
    '"source_range": {"start": "0", "duration": "1"}}'
)


def _with_path(path: str) -> str:
    return answering(_EDIT % _TRACK % _CLIP % path)


HOSTILE_IMPORTERS = {
    "no edit": Hostile(BODY + answering("{}"), "answered no edit"),
    "a list": Hostile(BODY + answering('{"edit": []}'), "answered no edit"),
    "no project": Hostile(BODY + answering('{"edit": {}}'), "is not a project"),
    "an error": Hostile(BODY + answering('{"error": "line 3: x"}'), "line 3: x"),
    "no object": Hostile(BODY + answering("[]"), "its answer cannot be read"),
    "60,000 brackets": Hostile(BODY + answering('{"edit": ' + "[" * 60_000), "answer"),
    "200 levels": Hostile(
        BODY + answering('{"edit": {"a": ' + "[" * 200 + "]" * 200 + "}}"), "nests more"
    ),
    "not a number": Hostile(
        BODY + answering(_EDIT % '{"rate": NaN}'), "cannot be read"
    ),
    "a path with NUL": Hostile(BODY + _with_path("a\\u0000b"), "no path"),
    "a path with half a letter": Hostile(BODY + _with_path("\\ud800"), "its answer"),
    "a path of 5,000 letters": Hostile(BODY + _with_path("x" * 5_000), "path"),
    "a clip of minus a second": Hostile(
        BODY + answering(_EDIT % _TRACK % (_CLIP % "x").replace('"1"', '"-1"')), "durat"
    ),
    "a size of 1e9": Hostile(
        BODY + answering(_EDIT % (_TRACK % "").replace("64", "1000000000")), "px is not"
    ),
    "endless": Hostile(BODY + called("(loop $l (br $l))"), TOO_LONG),
    "an answer outside": Hostile(
        BODY
        + '(func (export "tnb_call") (param i32 i32) (result i64) '
        + "i64.const 0xfffffff800000010)",
        "outside its memory",
    ),
    "writes to the file": Hostile(
        asking('{"call": "write", "handle": 1, "text": "evil"}'),
        "was opened for reading",
    ),
}
HOSTILE_EXPORTERS = {
    "writes nothing": Hostile(BODY + answering("{}"), "wrote nothing"),
    "an error": Hostile(BODY + answering('{"error": "no"}'), "of the plugin .*: no"),
    "endless": Hostile(BODY + called("(loop $l (br $l))"), TOO_LONG),
    "a file of 1 TB": Hostile(
        asking('{"call": "write", "handle": 1, "text": "x", "offset": 1099511627776}'),
        "writes at most 64 MiB",
    ),
    "closes the file": Hostile(
        asking('{"call": "close", "handle": 1}'), "wrote nothing"
    ),
}
