"""`latebook policy check`: findings as text or JSON, and the exit status that they lead to."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from attendance.errors import PolicyError
from attendance.policy.check import Finding, Severity
from attendance.policy.files import available, load, load_file
from attendance.policy.model import Policy


def load_name_or_file(name_or_file: str) -> Policy:
    """The policy that comes with Latebook under that name, or the policy in that file.

    Raises:
        PolicyError: there is no such policy, or the file is not one; the text says which, where and why.
    """
    path = Path(name_or_file)
    is_file = path.suffix == ".toml" or (name_or_file not in available() and path.is_file())
    return load_file(path) if is_file else load(name_or_file)


def as_lines(findings: Sequence[Finding]) -> str:
    """`severity id message`, one finding a line."""
    return "".join(f"{each.severity} {each.id} {each.message}\n" for each in findings)


def as_json(findings: Sequence[Finding]) -> str:
    """A list of objects with severity, id, message, key, paragraph and regulation (or null), and instead."""
    return json.dumps([asdict(each) for each in findings], ensure_ascii=False) + "\n"


def mistakes_as_json(error: PolicyError, file: str) -> str:
    """A list of objects with file, line, key, found, expected and message, one for each mistake in a file.

    The key is null where the text is not TOML; for a file that cannot be read, only file and message are set.
    """
    rows: list[tuple[object, ...]] = [
        (file, each.line, each.key or None, each.found, each.expected, str(each)) for each in error.mistakes
    ]
    unreadable = (file, None, None, None, None, str(error))
    columns = ("file", "line", "key", "found", "expected", "message")
    mistakes = [dict(zip(columns, row, strict=True)) for row in rows or [unreadable]]
    return json.dumps(mistakes, ensure_ascii=False) + "\n"


def status(findings: Sequence[Finding]) -> int:
    """1 if a finding is an error, else 0."""
    return int(any(each.severity is Severity.ERROR for each in findings))
