"""Any file at all is either a policy or a PolicyError with whole sentences; nothing else is raised."""

import re
import sys
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attendance.calendar import Calendar
from attendance.errors import PolicyError
from attendance.policy.check import check
from attendance.policy.files import available, load_file, parse
from attendance.policy.model import Policy, ReviewRule, SessionTimes

SOUND = """\
name = "oak-lane"
title = "Oak Lane School"
years = ["7", "8"]
provisional = ["am.opens"]
[am]
opens = "08:45"
closes = "09:15"
ends = "12:00"
ends_by_year = { 7 = "11:50" }
[pm]
opens = "13:00"
closes = "13:30"
ends = "15:00"
"""


def text_of(name: str) -> str:
    return resources.files("attendance.policies").joinpath(f"{name}.toml").read_text("utf-8")


def read(text: str) -> Policy | None:
    """The policy, once checked; `None` after a PolicyError with whole sentences."""
    try:
        policy = parse(text, "some.toml")
        text.encode()  # text that cannot be encoded is not a policy
    except PolicyError as error:
        refusal = str(error)
    else:
        assert re.fullmatch("[0-9a-f]{12}", policy.version)
        assert all(finding.message.isprintable() for finding in check(policy))
        return policy
    assert all(line.startswith("some.toml") and line.isprintable() for line in refusal.split("\n"))
    return None


@given(st.text())
@settings(deadline=None)  # tomllib itself is slow on some texts
@example("\ud800")
@example(SOUND.replace("Oak Lane School", "\ud800"))
@example(SOUND.replace('7 = "11:50"', '"\ud800" = "11:50"'))
@example("a = " + "9" * 5000)
@example("a = " + "[" * 5000)
@example("a = " + "[" * 100_000)
@example("a = " + "[" * 900 + "]" * 900)
@example("a" + ".a" * 3000 + " = 1")
@example("x = 9999-99-99")
@example(SOUND + '[am.ends_by_year]\n7 = "11:00"\n')
def test_any_text_is_a_policy_or_a_policy_error(text: str) -> None:
    read(text)


def test_a_file_nested_as_deep_as_the_stack_goes_is_refused() -> None:
    for depth in range(50, sys.getrecursionlimit(), 25):
        assert read("years = " + "[" * depth + "]" * depth) is None
        assert read(SOUND + "[extra]\nx = " + "{ a = " * depth + "1" + " }" * depth) is None


@given(st.binary())
@settings(deadline=None)
def test_any_bytes_are_a_policy_or_a_policy_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.toml"
    file.write_bytes(data)

    with pytest.raises(PolicyError):
        load_file(file)


words = st.sampled_from(
    [
        *(key for model in (Policy, SessionTimes, ReviewRule, Calendar) for key in model.model_fields),
        *("N", "R", "7", "15", "school-transport", "medical", "am.opens"),
    ]
)
scalars = (
    st.sampled_from(
        ['"08:45"', '"12:00"', '"7"', '"L"', '"H"', '"medical"', '"present"', "08:45:00", "6", "true"]
    )
    | st.integers().map(str)
    | st.floats().map(repr)
    | st.dates().map(str)
    | st.text(st.characters(exclude_categories=["C"], exclude_characters='"\\')).map('"{}"'.format)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(words, inner, max_size=3).map(
            lambda table: "{" + ", ".join(f'"{key}" = {value}' for key, value in table.items()) + "}"
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(words, values, max_size=12))
def test_any_toml_is_a_policy_or_a_policy_error(table: dict[str, str]) -> None:
    read("\n".join(f'"{key}" = {value}' for key, value in table.items()))


def _without_a_line(text: str, draw: Callable[[Any], Any]) -> str:
    lines = text.splitlines()
    del lines[draw(st.integers(0, len(lines) - 1))]
    return "\n".join(lines)


def _with_another_value(text: str, draw: Callable[[Any], Any]) -> str:
    pairs = list(re.finditer(r"(?m)(?<== )[^#\n]+", text))
    pair = draw(st.sampled_from(pairs))
    value: str = draw(values)
    return text[: pair.start()] + value + text[pair.end() :]


def _with_other_characters(text: str, draw: Callable[[Any], Any]) -> str:
    start = draw(st.integers(0, len(text)))
    inserted: str = draw(st.text(max_size=3))
    return text[:start] + inserted + text[start + draw(st.integers(0, 3)) :]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_schools_file_with_mistakes_in_it_is_a_policy_or_a_policy_error(data: st.DataObject) -> None:
    text = text_of(data.draw(st.sampled_from(available())))
    mistakes = st.sampled_from([_without_a_line, _with_another_value, _with_other_characters])
    for mistake in data.draw(st.lists(mistakes, min_size=1, max_size=4)):
        text = mistake(text, data.draw)

    read(text)
