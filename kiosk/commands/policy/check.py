"""`latebook policy check`: a policy's findings as text or JSON, and the exit status that they mean."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from attendance.policy.check import Finding, Severity
from attendance.policy.model import Policy, PolicyError, available, load, load_file


def load_name_or_file(name_or_file: str) -> Policy:
    """The policy that comes with Latebook under that name, or the one in that file.

    Raises:
        PolicyError: there is no such policy, or the file is not one; the text says which, where and why.
    """
    path = Path(name_or_file)
    is_file = path.suffix == ".toml" or (name_or_file not in available() and path.is_file())
    return load_file(path) if is_file else load(name_or_file)


def as_lines(findings: Sequence[Finding]) -> str:
    """`severity id message`, one a line."""
    return "".join(f"{each.severity} {each.id} {each.message}\n" for each in findings)


def as_json(findings: Sequence[Finding]) -> str:
    """A list of objects with severity, id, message, key and paragraph (or null)."""
    return json.dumps([asdict(each) for each in findings], ensure_ascii=False) + "\n"


def faults_as_json(error: PolicyError, file: str) -> str:
    """A list of objects with file, line, key, found, expected and message, one for each mistake in a file.

    What has no place in it is null: the key of what is no TOML, and all but the message of a file that
    cannot be read.
    """
    nowhere = {
        "file": file,
        "line": None,
        "key": None,
        "found": None,
        "expected": None,
        "message": str(error),
    }
    faults = [
        {
            "file": file,
            "line": fault.line,
            "key": fault.key or None,
            "found": fault.found,
            "expected": fault.expected,
            "message": str(fault),
        }
        for fault in error.faults
    ]
    return json.dumps(faults or [nowhere], ensure_ascii=False) + "\n"


def status(findings: Sequence[Finding]) -> int:
    """1 if any of them is an error, else 0."""
    return int(any(each.severity is Severity.ERROR for each in findings))
