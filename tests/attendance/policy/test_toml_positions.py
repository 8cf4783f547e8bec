"""The line of every key, in every form that TOML allows."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.policy.toml_positions import DuplicateKey, TomlLines, TomlValue, UnclosedValue

EVERYTHING = """\
# a comment = with an equals sign [and brackets]
plain = 1
"quoted key" = 2
'literal.key' = 3
"esc\\u0061ped" = 4
dotted . "in part" . key = 5
multi = \"\"\"
[not.a.table]
not_a_key = 1
\\\"\"\" still ""in"" it \"\"\"\"\"
literal = '''
[also.not]
nor = 'this' '''
list = [
    "one", # ] not the end
    [ 21,
      22 ],
    { x = 1, y = [
        7,
    ] },
]
inline = { a = 1, b.c = 2, "d" = "}" }
when = 1979-05-27 07:32:00
[table] # with a comment
key = "a # b"
[ table . "sub.table" ]
key = 'x'
[[several]]
name = "first"
[several.inner]
of = "first"
[[several]]
name = "second"
[several.inner]
of = "second"
[[several.deep]]
n = 1
[[several.deep]]
n = 2
"""

LINES = {
    ("plain",): 2,
    ("quoted key",): 3,
    ("literal.key",): 4,
    ("escaped",): 5,
    ("dotted",): 6,
    ("dotted", "in part", "key"): 6,
    ("multi",): 7,
    ("literal",): 11,
    ("list",): 14,
    ("list", 0): 15,
    ("list", 1): 16,
    ("list", 1, 1): 17,
    ("list", 2, "x"): 18,
    ("list", 2, "y", 0): 19,
    ("inline", "b", "c"): 22,
    ("inline", "d"): 22,
    ("when",): 23,
    ("table",): 24,
    ("table", "key"): 25,
    ("table", "sub.table"): 26,
    ("table", "sub.table", "key"): 27,
    ("several", 0): 28,
    ("several", 0, "name"): 29,
    ("several", 0, "inner"): 30,
    ("several", 0, "inner", "of"): 31,
    ("several", 1): 32,
    ("several", 1, "inner", "of"): 35,
    ("several", 1, "deep", 0): 36,
    ("several", 1, "deep", 1, "n"): 39,
}


def paths_in(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every key, table and item of what tomllib read."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [*([path] if path else []), *(p for key, each in inner for p in paths_in(each, (*path, key)))]


@pytest.mark.parametrize(("path", "line"), LINES.items())
def test_a_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert TomlLines(EVERYTHING).line_of(path) == line


def test_windows_line_ends_count_once() -> None:
    lines = TomlLines(EVERYTHING.replace("\n", "\r\n"))

    assert {path: lines.line_of(path) for path in LINES} == LINES


def test_text_that_only_looks_like_a_key_is_ignored() -> None:
    lines = TomlLines(EVERYTHING)

    for path in (("not",), ("not_a_key",), ("also",), ("nor",), ("multi", "not_a_key")):
        assert lines.line_of(path) in {1, 7}


def test_a_missing_key_has_the_line_of_the_nearest_enclosing_value() -> None:
    lines = TomlLines(EVERYTHING)

    assert lines.line_of(("table", "missing")) == 24
    assert lines.line_of(("several", 1, "inner", "missing")) == 34
    assert lines.line_of(("list", 9)) == 14
    assert lines.line_of(("missing", "too")) == 1
    assert lines.line_of(()) == 1


def test_every_value_that_tomllib_reads_has_a_line() -> None:
    lines = TomlLines(EVERYTHING)

    for path in paths_in(tomllib.loads(EVERYTHING)):
        assert path in lines


def test_text_that_is_not_toml_still_has_the_lines_before_the_error() -> None:
    lines = TomlLines("a = 1\nb = ]\nc = 3")

    assert (lines.line_of(("a",)), lines.line_of(("b",)), lines.line_of(("c",))) == (1, 2, 1)


@given(st.text(alphabet="ab.=[]{}\"'\\#, \n1-", max_size=60))
def test_any_text_that_tomllib_reads_has_a_line_for_every_value(text: str) -> None:
    lines = TomlLines(text)  # never fails
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert (lines.duplicate, lines.unclosed) == (None, None)
    for path in paths_in(values):
        assert path in lines
        assert 1 <= lines.line_of(path) <= text.count("\n") + 1


def test_a_duplicate_is_found_with_both_lines() -> None:
    for text, path, first, again in [
        ("a = 1\nb = 2\na = 3", ("a",), 1, 3),
        ("[a]\nb = 1\n[c]\n[a]", ("a",), 1, 4),
        ("[a]\nb.c = 1\nb.c = 2", ("a", "b", "c"), 2, 3),
        ("[a.b]\n[a]\nb = 2", ("a", "b"), 1, 3),
    ]:
        assert TomlLines(text).duplicate == DuplicateKey(path, first, again)


def test_a_table_that_may_be_repeated_is_not_a_duplicate() -> None:
    assert TomlLines("[[a]]\nb = 1\n[a.c]\n[[a]]\nb = 2\n[a.c]\n[x.y]\n[x]\n[x.z]").duplicate is None


def test_the_outermost_unclosed_value_is_found() -> None:
    for text, path, line, opener in [
        ("a = 1\nb = [\n [1, 2", ("b",), 2, "["),
        ("a = [1]\n[t]\nb = { c = 2,\n", ("t", "b"), 3, "{"),
        ('a = """x\nb = 1', ("a",), 1, '"""'),
    ]:
        assert TomlLines(text).unclosed == UnclosedValue(path, line, opener)


def test_each_value_is_found_at_its_position() -> None:
    text = 'a = 08:45 # x\nb = [1, { c = "2"}]\nd = "3'
    lines = TomlLines(text)

    assert [(value.path, text[value.start : value.end], value.unquoted) for value in lines.values] == [
        (("a",), "08:45 ", "08:45"),
        (("b",), '[1, { c = "2"}]', ""),
        (("b", 0), "1", "1"),
        (("b", 1), '{ c = "2"}', ""),
        (("b", 1, "c"), '"2"', ""),
        (("d",), '"3', ""),
    ]
    assert lines.value_at(text.index("2")) == TomlValue(("b", 1, "c"), 2, text.index('"2"'), text.index("}"))
    assert lines.value_at(text.index("3")) == TomlValue(("d",), 3, text.index('"3'))
    assert [lines.value_at(text.index(outside)) for outside in ("a", "x", "d")] == [None, None, None]


def test_nesting_deeper_than_the_stack_does_not_fail() -> None:
    assert TomlLines("a = " + "[" * 100_000).line_of(("a",)) == 1
