"""A policy file that asks for endless work is refused at once, in one sentence."""

import time

import pytest

from attendance.errors import PolicyError
from attendance.policy.files import available, load, parse
from attendance.policy.toml_size import MOST_LINES, check_size

BOMBS = {
    "a key of many parts": ("[" + ".".join("a" * 20_000) + "]\n", "has a key of more than 10 parts"),
    "a dotted key": (".".join("a" * 200) + " = 1", "has a key of more than 10 parts"),
    "quoted parts": (".".join(['"a"'] * 200) + " = 1", "has a key of more than 10 parts"),
    "parts in an inline table": ("x = {" + ".".join("a" * 200) + " = 1}", "has a key of more than 10 parts"),
    "parts behind a text that ends with a quotation mark": (
        "x = [" + "'''a'''', {" + ".".join("a" * 20_000) + " = 1}, 'b']",
        "has a key of more than 10 parts",
    ),
    "parts behind a text that ends with two": (
        'x = ["""a""""", {' + ".".join("a" * 20_000) + ' = 1}, "b"]',
        "has a key of more than 10 parts",
    ),
    "lists behind a text that ends with a quotation mark": (
        "x = [" + "'''a'''', " + "[" * 20_000 + ", 'b']",
        "has lists or tables more than 10 deep",
    ),
    "many tables": ("".join(f"[t{number}]\n" for number in range(30_000)), "is larger than 64 KB"),
    "short tables": ("[a]\n" * (MOST_LINES + 1), "has more than 2,000 lines"),
    "lists in lists": ("a = " + "[" * 30_000, "has lists or tables more than 10 deep"),
    "tables in tables": ("a = " + "{a = " * 5_000, "has lists or tables more than 10 deep"),
}


@pytest.mark.parametrize(("text", "words"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_one_sentence_before_it_is_read(text: str, words: str) -> None:
    began = time.process_time()
    with pytest.raises(PolicyError, match=words) as refused:
        parse(text, "school.toml")
    assert str(refused.value).startswith("school.toml")
    assert "\n" not in str(refused.value)
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    "text",
    [
        'title = "A.B.C.D.E.F.G.H.I.J.K.L [[[[[[[[[[[[[["',
        "title = 'a.b.c.d.e.f.g.h.i.j.k.l.m {{{{{{{{{{{{{{'",
        "# 1.2.3.4.5.6.7.8.9.10.11.12.13 [[[[[[[[[[[[[[[[[",
        'title = """a.b.c.d.e.f.g.h.i\n.j.k.l.m [[[[[[[[[[[[["""',
        '"4.3.2.1" = "x"',
    ],
)
def test_texts_and_comments_do_not_count(text: str) -> None:
    check_size(text, "school.toml")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 60_000,
        '"' * 60_000,
        'a="' + "\\" * 60_000,
        "'" * 60_001,
        '"""' + "x" * 60_000,
        '\\"' * 30_000,
        '"""' + '\\"\\"\\"' * 10_000,
        "'''a'" * 12_000,
    ],
)
def test_any_text_is_checked_in_a_moment(text: str) -> None:
    began = time.process_time()
    check_size(text, "school.toml")
    assert time.process_time() - began < 1.0


def test_the_schools_own_policies_are_far_from_the_limits() -> None:
    assert [load(name).name for name in available()] == list(available())
