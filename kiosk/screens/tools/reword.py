"""Change a sentence of the screens in one step (`make reword OLD="…" NEW="…"`).

The new sentence replaces the old one in the screens' code, in the tests and in the benchmarks that drive the
screens, and in the catalogues of all languages, which keep their translations and flags. Places that only
quote the sentence, such as the README, are listed for you to look at.
"""

import ast
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog

from kiosk.errors import RewordError
from kiosk.screens.tools import catalogue

ROOT = catalogue.SCREENS.parents[1]
CALLS = frozenset({*catalogue.KEYWORDS, "translate_to"})
"""The functions whose arguments are sentences of the screens."""
REASONS = "attendance/reasons.py"
"""The file with the reasons' labels, which the office shows too."""
DRIVERS = ("kiosk/screens/samples", REASONS, "tests/kiosk", "tests/e2e", "tests/demo", "bench")
"""Code that names the sentences without translating them: to press a button, or to check what is shown."""
QUOTING = ("*.md", "docs/**/*.md", "kiosk/**/*.py", "demo/*.py", "tests/**/*.py", "bench/*.py")
"""Files that may quote a sentence in prose."""
LINE_LENGTH = 110
PIECE_LENGTH = 80
"""A literal that makes its line too long is split into pieces of this many characters."""
LEAST_WORDS = 3
"""A sentence is replaced inside a longer text only if it has this many words."""
LEAST_LETTERS = 8
"""A sentence with placeholders is matched against filled-in text only if it has this many letters itself."""


@dataclass(frozen=True, slots=True)
class RewordedMessage:
    """A message of the screens with its new form: both forms of a plural, or the one sentence."""

    old: tuple[str, ...]
    new: tuple[str, ...]


def placeholders(sentence: str) -> set[str]:
    """The names in a sentence's {braces}."""
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}


def find_message(template: Catalog, old: str, new: str) -> RewordedMessage:
    """The message that `old` belongs to: a sentence, or one form of a plural.

    Raises:
        RewordError: `old` is not a sentence of the screens, `new` already is one, or their placeholders
            differ.
    """
    if old == new:
        raise RewordError("The new sentence is the same as the old one.")
    all_forms = [_forms(message.id) for message in catalogue.messages(template)]
    if any(new in forms for forms in all_forms):
        raise RewordError(f"“{new}” is already another sentence of the screens.")
    for forms in all_forms:
        if old in forms:
            _check_placeholders(old, new)
            return RewordedMessage(forms, tuple(new if form == old else form for form in forms))
    raise RewordError(
        f"“{old}” is not a sentence of the screens; kiosk/screens/languages/latebook.pot lists them."
    )


def _forms(message_id: str | Sequence[str]) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)


def _check_placeholders(old: str, new: str) -> None:
    try:
        before, after = placeholders(old), placeholders(new)
    except ValueError as error:
        raise RewordError(f"“{new}” has a stray brace: {error}.") from error
    if lost := before - after:
        raise RewordError(f"The new sentence loses {_in_braces(lost)}.")
    if unknown := after - before:
        raise RewordError(f"The new sentence names {_in_braces(unknown)}, for which the code has no value.")


def _in_braces(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))


# --- Source files ---------------------------------------------------------------------------------

Replacement = Callable[[str], str | None]
"""The new text of a string literal, or `None` to leave it as it is."""


def reword_python(source: str, replace: Replacement, *, calls_only: bool) -> str:
    """Replace string literals in Python source; `calls_only`: only where they are translated."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    edits: list[tuple[int, int, str]] = []
    for literal in _literals(ast.parse(source), calls_only=calls_only):
        new = replace(literal.value) if isinstance(literal.value, str) else None
        if new is not None and literal.end_lineno is not None and literal.end_col_offset is not None:
            start = starts[literal.lineno - 1] + literal.col_offset
            end = starts[literal.end_lineno - 1] + literal.end_col_offset
            edits.append((start, end, _python_literal(new, literal.col_offset)))
    content = source.encode()
    for start, end, text in sorted(edits, reverse=True):
        content = content[:start] + text.encode() + content[end:]
    return content.decode()


def _literals(tree: ast.AST, *, calls_only: bool) -> Iterator[ast.Constant]:
    """The literals outside f-strings, whose parts have no position of their own."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, ast.Call) and calls_only and _name(node.func) in CALLS:
            yield from (argument for argument in node.args if isinstance(argument, ast.Constant))
        elif isinstance(node, ast.Constant) and not calls_only:
            yield node
        yield from _literals(node, calls_only=calls_only)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _python_literal(text: str, column: int) -> str:
    long = column + len(text) + len('"",') > LINE_LENGTH
    pieces = textwrap.wrap(text, PIECE_LENGTH, drop_whitespace=False) if long else [text]
    return " ".join(f'"{_escaped(piece)}"' for piece in pieces)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def reword_kv(source: str, old: str, new: str) -> str:
    """Replace a sentence in kv rules, where it stands as `tr._('…')`."""
    return re.sub(
        rf"(?<=tr\._\()(['\"]){re.escape(old)}\1(?=\))",
        lambda _match: "'" + new.replace("\\", "\\\\").replace("'", "\\'") + "'",
        source,
    )


def exactly(old: str, new: str) -> Replacement:
    """Replaces the sentence itself."""
    return lambda text: new if text == old else None


def filled_in(old: str, new: str) -> Replacement:
    """Replaces the sentence in a test's text: inside a longer text, or with its placeholders filled in."""
    if not placeholders(old) and len(old.split()) >= LEAST_WORDS:
        return lambda text: text.replace(old, new) if old in text else None
    own_letters = sum(letter.isalpha() for letter in re.sub(r"\{\w*\}", "", old))
    if not placeholders(old) or own_letters < LEAST_LETTERS:
        return exactly(old, new)
    pattern = re.compile(_with_any_values(old))

    def replace(text: str) -> str | None:
        match = pattern.fullmatch(text)
        return new.format(**match.groupdict()) if match else exactly(old, new)(text)

    return replace


def _with_any_values(sentence: str) -> str:
    """A regular expression for the sentence with placeholders filled in; no value spans a full stop."""
    pattern, names = "", set[str]()
    for text, name, _spec, _conversion in Formatter().parse(sentence):
        pattern += re.escape(text)
        if name is not None:
            pattern += f"(?P={name})" if name in names else f"(?P<{name}>[^.·]+?)"
            names.add(name)
    return pattern


def reword_sources(message: RewordedMessage) -> list[Path]:
    """Replace the message in code, kv, samples, tests and benchmarks; returns the changed files."""
    changed = []
    pairs = [pair for pair in zip(message.old, message.new, strict=True) if pair[0] != pair[1]]
    for path in _sources():
        before = after = path.read_text("utf-8")
        for old, new in pairs:
            after = _reword(path, after, old, new)
        if after != before:
            path.write_text(after, "utf-8")
            changed.append(path)
    return changed


def _sources() -> list[Path]:
    folders = (catalogue.SCREENS, *(ROOT / name for name in DRIVERS))
    return sorted({path for folder in folders for path in _sources_in(folder)})


def _sources_in(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
    yield from folder.rglob("*.py")
    yield from folder.rglob("*.kv")


def _reword(path: Path, source: str, old: str, new: str) -> str:
    if path.suffix == ".kv":
        return reword_kv(source, old, new)
    if any(path.is_relative_to(ROOT / folder) for folder in DRIVERS):
        # A single word in lower case is more often a state or a key than a text of the screens.
        is_key = old.islower() and " " not in old
        return source if is_key else reword_python(source, filled_in(old, new), calls_only=False)
    return reword_python(source, exactly(old, new), calls_only=True)


# --- Catalogues -----------------------------------------------------------------------------------


def reword_catalogue(of_language: Catalog, message: RewordedMessage) -> None:
    """Rename a message; its translation, flags and comments stay."""
    entry = of_language.get(message.old[0])
    if entry is None:
        return
    of_language.delete(message.old[0])
    of_language.add(
        message.new[0] if len(message.new) == 1 else message.new,
        entry.string,
        entry.locations,
        entry.flags,
        entry.auto_comments,
        entry.user_comments,
    )


def quotations(sentence: str) -> list[str]:
    """Where else the sentence is quoted, as `path:line`; empty for a single word, which is too common."""
    if " " not in sentence:
        return []
    paths = {path for pattern in QUOTING for path in ROOT.glob(pattern)}
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(paths)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if sentence in line
    ]


def main(arguments: Sequence[str], now: datetime) -> int:
    """Reword; 2 if the sentence cannot be changed, 1 if a message has no translation."""
    if len(arguments) != 2 or not all(arguments):
        sys.stderr.write('Give the old sentence and the new one: make reword OLD="Back" NEW="Go back"\n')
        return 2
    old, new = arguments
    try:
        message = find_message(catalogue.extract(now), old, new)
    except RewordError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path in reword_sources(message):
        sys.stdout.write(f"changed {path.relative_to(ROOT)}\n")
    for tag in catalogue.TRANSLATED:
        of_language = catalogue.read(catalogue.po_path(tag))
        reword_catalogue(of_language, message)
        catalogue.po_path(tag).write_bytes(catalogue.po_bytes(of_language))
    status = catalogue.main(now)
    sys.stdout.writelines(f"also quoted in {place}\n" for place in quotations(old))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC)))
