"""A policy file from answers: every key with a comment on what it means and where its value comes from."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from itertools import groupby

from attendance.policy.answers import FileValue, leaf_keys
from attendance.policy.keys import PolicyKey
from attendance.policy.model import KEYS
from attendance.text import one_line

_WIDTH = 100

TO_BE_CONFIRMED = "not stated in the document: to be confirmed by the school"

Values = Mapping[str, FileValue]
"""Dotted key → its value."""


def policy_text(values: Values, sources: Mapping[str, str]) -> str:
    """The text of a policy file.

    Args:
        values: the values. One that is missing or empty is left out of the file.
        sources: dotted key → the paragraph of the school's document. A value that the document could state
            and does not is provisional.
    """
    keys_in_file = [key for key in KEYS if values.get(key.name) not in ("", [], {}, None)]
    top = [key for key in keys_in_file if not key.table and not isinstance(values[key.name], dict)]
    tables = [key for key in keys_in_file if not key.table and isinstance(values[key.name], dict)]
    lines = [*_comment(f"{values['title']}: the attendance policy as Latebook reads it."), ""]
    for key in top:
        lines += [*_comment(key.meaning), _pair(key, values, sources), ""]
    lines += _provisional(keys_in_file, values, sources)
    for session, keys in groupby((key for key in keys_in_file if key.table), key=lambda key: key.table):
        lines += [f"[{session}]", *_session(list(keys), values, sources)]
    for key in tables:
        lines += _tables(key, values[key.name], sources)
    if sources:
        lines += ["# Where the document states it.", "[sources]"]
        lines += [f"{_literal(key)} = {_literal(source)}" for key, source in sources.items()]
    return "\n".join(lines).rstrip() + "\n"


def _provisional(keys_in_file: list[PolicyKey], values: Values, sources: Mapping[str, str]) -> Iterator[str]:
    may_be_stated = [key for key in keys_in_file if key.guide.has_source]
    names = [leaf for key in may_be_stated for leaf in leaf_keys(key.name, values[key.name])]
    if names := [name for name in names if name not in sources]:
        yield "# Not stated in the document. Remove what the school has confirmed, and add its source below."
        yield "provisional = ["
        yield from (f"    {_literal(name)}," for name in names)
        yield from ("]", "")


def _session(keys: list[PolicyKey], values: Values, sources: Mapping[str, str]) -> Iterator[str]:
    plain = [key for key in keys if not isinstance(values[key.name], dict)]
    for key in plain:
        yield from (*_comment(key.meaning), _pair(key, values, sources))
    for key in keys:  # TOML: inner tables come last
        if key not in plain:
            yield from ("", *_tables(key, values[key.name], sources))
    if len(plain) == len(keys):
        yield ""


def _tables(key: PolicyKey, value: FileValue, sources: Mapping[str, str]) -> Iterator[str]:
    """The table of a key, or its tables, if it is a table of tables."""
    if not isinstance(value, dict):
        return
    inner = {name: pairs for name, pairs in value.items() if isinstance(pairs, dict)}
    for name, pairs in inner.items():
        yield from _table(key, f"{key.name}.{name}", pairs, sources)
    if not inner:
        yield from _table(key, key.name, value, sources)


def _table(
    key: PolicyKey, heading: str, pairs: Mapping[str, object], sources: Mapping[str, str]
) -> Iterator[str]:
    yield from (*_comment(key.meaning), f"[{heading}]")
    for name, value in pairs.items():
        yield f"{name} = {_literal(value)}  # {_where(f'{heading}.{name}', sources)}"
    yield ""


def _pair(key: PolicyKey, values: Values, sources: Mapping[str, str]) -> str:
    pair = f"{key.name.rpartition('.')[2]} = {_literal(values[key.name])}"
    return f"{pair}  # {_where(key.name, sources)}" if key.guide.has_source else pair


def _where(name: str, sources: Mapping[str, str]) -> str:
    return f"stated in {one_line(sources[name])}" if name in sources else TO_BE_CONFIRMED


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(one_line(text), _WIDTH, break_on_hyphens=False)]


def _literal(value: object) -> str:
    if isinstance(value, list):
        items = [_literal(each) for each in value]
        line = f"[{', '.join(items)}]"
        return line if len(line) <= _WIDTH else "\n".join(("[", *(f"    {item}," for item in items), "]"))
    # A JSON string is a TOML string, except for DEL, which JSON does not escape.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
