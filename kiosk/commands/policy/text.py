"""A policy file from answers: every key with what it means, and where the value comes from."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from itertools import groupby

from attendance.policy.errors import one_line
from kiosk.commands.policy.answers import Value, leaf_keys
from kiosk.commands.policy.questions import QUESTIONS, REVIEW, Question

_WIDTH = 100

TO_BE_CONFIRMED = "not stated in the document: to be confirmed by the school"

Values = Mapping[str, Value]
"""Dotted key → what the question's answer was read as."""


def policy_text(values: Values, sources: Mapping[str, str]) -> str:
    """The text of a policy file.

    Args:
        values: the answers. One that is missing or empty is left out.
        sources: dotted key → the paragraph of the school's document. Whatever a document may state and
            this one does not is provisional.
    """
    written = [question for question in QUESTIONS if values.get(question.key) not in ("", [], {}, None)]
    top = [question for question in written if not question.is_time and question is not REVIEW]
    times = [question for question in written if question.is_time]
    lines = [*_comment(f"{values['title']}: the attendance policy as Latebook reads it."), ""]
    for question in top:
        lines += [*_comment(question.means), _pair(question, values, sources), ""]
    lines += _provisional(written, values, sources)
    for table, questions in groupby(times, key=lambda question: question.key.partition(".")[0]):
        lines += _session(table, list(questions), values, sources)
    lines += _review(values.get(REVIEW.key), sources)
    if sources:
        lines += ["# Where the document says it.", "[sources]"]
        lines += [f"{_literal(key)} = {_literal(source)}" for key, source in sources.items()]
    return "\n".join(lines).rstrip() + "\n"


def _provisional(written: list[Question], values: Values, sources: Mapping[str, str]) -> Iterator[str]:
    may_be_stated = [question for question in written if question.has_source]
    keys = [key for each in may_be_stated for key in leaf_keys(each.key, values[each.key])]
    if keys := [key for key in keys if key not in sources]:
        yield "# Not stated in the document: take out what the school has confirmed, and say where below."
        yield "provisional = ["
        yield from (f"    {_literal(key)}," for key in keys)
        yield from ("]", "")


def _session(
    table: str, questions: list[Question], values: Values, sources: Mapping[str, str]
) -> Iterator[str]:
    yield f"[{table}]"
    for question in questions:
        value = values[question.key]
        if isinstance(value, dict):  # a table of its own, and so the session's last
            yield from ("", *_comment(question.means), f"[{question.key}]")
            for year, end in value.items():
                yield f"{year} = {_literal(end)}  # {_where(f'{question.key}.{year}', sources)}"
        else:
            yield from (*_comment(question.means), _pair(question, values, sources))
    yield ""


def _review(rules: Value | None, sources: Mapping[str, str]) -> Iterator[str]:
    for reason, pair in rules.items() if isinstance(rules, dict) else ():
        yield from (*_comment(REVIEW.means), f"[{REVIEW.key}.{reason}]")
        for when, code in pair.items() if isinstance(pair, dict) else ():
            yield f"{when} = {_literal(code)}  # {_where(f'{REVIEW.key}.{reason}.{when}', sources)}"
        yield ""


def _pair(question: Question, values: Values, sources: Mapping[str, str]) -> str:
    pair = f"{question.key.rpartition('.')[2]} = {_literal(values[question.key])}"
    return f"{pair}  # {_where(question.key, sources)}" if question.has_source else pair


def _where(key: str, sources: Mapping[str, str]) -> str:
    """Where the value comes from."""
    return f"stated in {one_line(sources[key])}" if key in sources else TO_BE_CONFIRMED


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(one_line(text), _WIDTH, break_on_hyphens=False)]


def _literal(value: object) -> str:
    if isinstance(value, list):
        items = [_literal(each) for each in value]
        line = f"[{', '.join(items)}]"
        return line if len(line) <= _WIDTH else "\n".join(("[", *(f"    {item}," for item in items), "]"))
    # JSON's strings are TOML's, but for the one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
