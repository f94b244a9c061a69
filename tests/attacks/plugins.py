"""Modules that mean harm, and what each of them must end with."""

from dataclasses import dataclass, replace

from plugins_factory import ABI, ALLOC, BODY, HOST, MEMORY, answering

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
