"""Policies read from files: the five that come with Latebook, and a school's own."""

from dataclasses import replace
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from attendance.errors import PolicyError
from attendance.policy.consistency import inconsistencies
from attendance.policy.mistakes import mistakes_in
from attendance.policy.model import KEYS, Policy
from attendance.policy.toml_positions import TomlLines
from attendance.policy.toml_size import MOST_BYTES, check_size, too_large
from attendance.policy.toml_text import read_toml


def available() -> tuple[str, ...]:
    """The names of the policies that come with Latebook, in alphabetical order."""
    files = resources.files("attendance.policies").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load(name: str) -> Policy:
    """The policy that comes with Latebook under that name.

    Raises:
        PolicyError: there is no such policy.
    """
    if name not in available():
        raise PolicyError(f"there is no policy {name!r}; the policies are {', '.join(available())}")
    text = resources.files("attendance.policies").joinpath(f"{name}.toml").read_text("utf-8")
    return parse(text, name)


def load_file(path: Path) -> Policy:
    """The policy in a TOML file.

    Raises:
        PolicyError: the file cannot be read, is not TOML or is not a policy.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise PolicyError(too_large(str(path)))
        text = content.decode("utf-8-sig")  # some editors start a file with a byte order mark
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PolicyError(
            f"{path}: cannot be read as UTF-8 text: {error.reason}, byte {error.start}"
        ) from error
    return parse(text, str(path))


def parse(text: str, name: str) -> Policy:
    """The policy in a TOML text; `name` is what errors call the text.

    Raises:
        PolicyError: the text is larger than any policy, not TOML or not a policy. It lists every mistake, one
            a line.
    """
    check_size(text, name)
    values, unquoted = read_toml(text, name)
    mistakes = [*unquoted, *inconsistencies(values, Policy, KEYS)]
    try:
        policy = Policy.model_validate(values)
    except ValidationError as error:
        mistakes += mistakes_in(error, Policy, values)
    if not mistakes:
        return policy
    lines = TomlLines(text)
    raise PolicyError.in_file(
        name, [replace(mistake, line=lines.line_of(mistake.path)) for mistake in mistakes]
    )
