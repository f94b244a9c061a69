"""The subset of JSON Schema agrees with jsonschema, which jupyterlab brings."""

from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from timeline_nb.wasm_plugins.schema import check_schema, faults_of, with_defaults

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.0, 1.0, 2.5, -0.5])
    | st.text("ab", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)
counts = st.integers(0, 3)
numbers = st.integers(-2, 2) | st.sampled_from([0.5, 1.0])
kinds = ["object", "array", "string", "number", "integer", "boolean", "null"]


def words(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(kinds),
            "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
            "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
            "additionalProperties": st.booleans(),
            "items": inner,
            "enum": st.lists(values, min_size=1, max_size=3),
            "const": values,
            "minimum": numbers,
            "maximum": numbers,
            "exclusiveMinimum": numbers,
            "exclusiveMaximum": numbers,
            "minLength": counts,
            "maxLength": counts,
            "minItems": counts,
            "maxItems": counts,
        },
    )


schemas = st.recursive(words(st.just({})), words, max_leaves=4)


@given(schemas, values)
@example({"enum": [[1]]}, [True])
@example({"const": {"a": 0}}, {"a": False})
@example({"const": 1}, 1.0)
@example({"type": "integer"}, 1.0)
def test_a_value_is_right_where_jsonschema_says_so(schema: Any, value: Any) -> None:
    assert check_schema(schema) == ""
    right = jsonschema.Draft202012Validator(schema).is_valid(value)
    assert (next(faults_of(value, schema), "") == "") is right


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "(a+)+$"},
        {"$ref": "#"},
        {"type": "text"},
        {"type": ["string"]},
        {"properties": []},
        {"properties": {"a": 1}},
        {"minLength": -1},
        {"minimum": "1"},
        {"required": "a"},
        {"additionalProperties": {}},
        {"anyOf": []},
        "text",
        None,
    ],
)
def test_other_schemas_are_refused(schema: Any) -> None:
    assert check_schema(schema)


def test_deep_and_large_schemas_are_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"items": deep}
    assert "too deep" in check_schema(deep)
    wide: dict[str, Any] = {"properties": {f"p{n}": {} for n in range(3_000)}}
    assert "too large" in check_schema(wide)


def test_a_fault_names_its_place() -> None:
    schema = {
        "properties": {"clip": {"properties": {"ids": {"items": {"type": "integer"}}}}}
    }
    faults = list(faults_of({"clip": {"ids": [1, "x"]}}, schema))
    assert faults == ["clip.ids[1]: 'x' is not of the type integer"]


def test_defaults_stand_for_what_is_left_out() -> None:
    schema = {"properties": {"a": {"default": 5}, "b": {"default": 6}, "c": {}}}
    assert with_defaults({"b": 1}, schema) == {"a": 5, "b": 1}
