"""Every path, link, make target and command that the documents name exists."""

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from kiosk.commands.main import app
from tests.paths import ROOT

DOCUMENTS = sorted(
    [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    + [*(ROOT / "docs").rglob("*.md")]
)
TOP = ("attendance", "hardware", "kiosk", "sync", "demo", "bench", "deploy", "docs", "locks", "tests")
PATH = re.compile(rf"(?<![\w./-])(?:{'|'.join(TOP)})(?:/[\w.*<>-]+)+/?")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`|^ {4,}(\S.*)$|^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"<|NAME")
"""A path with one is an example of a name that a newcomer chooses, not a file."""


def code_of(document: Path) -> Iterator[str]:
    """The code in a document, line by line: spans, indented lines and blocks."""
    for match in CODE.finditer(document.read_text("utf-8")):
        yield from next(group for group in match.groups() if group is not None).splitlines()


def name_of(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_path_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    paths = {match.rstrip(".") for match in PATH.findall(text) if not PLACEHOLDER.search(match)}
    assert [path for path in sorted(paths) if not [*ROOT.glob(path.rstrip("/"))]] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_has_a_target(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_make_target_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {match for line in code_of(document) for match in re.findall(r"^\s*make ([a-z-]+)", line)}
    assert sorted(named - targets) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_module_that_is_run_exists(document: Path) -> None:
    modules = {match for line in code_of(document) for match in re.findall(r"python -m ([\w.]+)", line)}
    assert [name for name in sorted(modules) if find_spec(name) is None] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_exists_with_its_options(document: Path) -> None:
    wrong = [
        f"{line.strip()}: {fault}"
        for line in code_of(document)
        for words in commands_in(line)
        if (fault := fault_of(words))
    ]
    assert wrong == []


def commands_in(line: str) -> Iterator[list[str]]:
    """The words behind each `latebook` of a line of shell, up to a pipe, a redirection or a comment."""
    for match in re.finditer(r"(?:^|[\s/])latebook((?: [^#|>&]+)?)", line):
        words = re.sub(r"[\[\]…]", " ", match.group(1))
        yield shlex.split(words.split("; ")[0])


def fault_of(words: list[str]) -> str | None:
    """What is wrong with a command line of `latebook`; `None` if nothing is."""
    # typer brings its own form of click's classes, so a group is known by what it can do.
    command: Any = get_command(app)
    context = command.context_class(command)
    options: set[str] = set()
    for word in words:
        if word.startswith("-"):
            options.add(word.split("=")[0])
        elif hasattr(command, "get_command") and not options:
            names = word.split("|")  # `policy list|show` names several
            found = [command.get_command(context, name) for name in names]
            if None in found:
                return f"there is no command {word!r}" if word.islower() else None
            command = found[-1]
            context = command.context_class(command, parent=context)
    known = {option for parameter in command.get_params(context) for option in parameter.opts}
    unknown = sorted(options - known)
    return f"no option {', '.join(unknown)}" if unknown else None


def test_a_missing_command_is_noticed() -> None:
    assert fault_of(["policy", "chekc", "x.toml"]) == "there is no command 'chekc'"
    assert fault_of(["policy", "check", "x.toml", "--jsno"]) == "no option --jsno"
    assert fault_of(["policy", "check", "x.toml", "--json"]) is None
