"""Settings from one TOML file and from the environment, and where each value came from.

Hand-written: with pydantic-settings the same behaviour takes more code (115 lines, not 107), since the error
sentences, the check for unknown variables and the sources stay ours, and it adds 80 ms to the start.

A settings class is a plain pydantic model whose fields are sections, each a model of its own. Every setting
can also be given in the environment: `[database] url` is `LATEBOOK_DATABASE_URL`. The environment overrides
the file, and the file overrides the default.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

PREFIX = "LATEBOOK_"

SECTIONS = frozenset(
    {"kiosk", "uplink", "reader", "printer", "display", "clock", "database", "server", "login"}
)
"""The sections of all of Latebook's programs, which share an environment when they run on one machine."""

_EXPECTED = {
    "int_parsing": "expected a whole number",
    "int_type": "expected a whole number",
    "float_parsing": "expected a number",
    "float_type": "expected a number",
    "bool_parsing": "expected true or false",
    "string_type": "expected a text in quotes",
    "model_type": "expected a [section] of settings",
    "model_attributes_type": "expected a [section] of settings",
}
"""pydantic's name for an error of type → the end of our sentence for it."""

SettingsT = TypeVar("SettingsT", bound=BaseModel)


class SettingsError(ValueError):
    """Unusable settings. The text is one sentence: what, where, and what was expected."""


class SettingsSection(BaseModel):
    """One table of the settings file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class LoadedSettings(Generic[SettingsT]):
    """Settings, and the source of each dotted key: a file, a variable or `default`."""

    value: SettingsT
    sources: Mapping[str, str]


def load(
    settings: type[SettingsT], path: Path | None, environ: Mapping[str, str]
) -> LoadedSettings[SettingsT]:
    """Read settings.

    Args:
        settings: the class; its fields are sections.
        path: the TOML file, or `None`.
        environ: the environment. Variables that begin with `LATEBOOK_` and name one of the sections are read.

    Raises:
        SettingsError: the file cannot be read, a key is unknown or a value is wrong.
    """
    values = _from_file(path)
    sources = {
        f"{section}.{key}": str(path)
        for section, table in values.items()
        if isinstance(table, dict)
        for key in table
    }
    keys = dict(_keys(settings))
    for variable, text in environ.items():
        found = _setting_of(variable, settings, keys)
        if found is not None:
            section, key = found
            table = values.setdefault(section, {})
            if isinstance(table, dict):  # if not, the model reports it below
                table[key] = text
                sources[f"{section}.{key}"] = variable
    try:
        value = settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_sentence(error, keys, sources, path)) from None
    return LoadedSettings(value, {key: sources.get(key, "default") for key in keys})


def describe(loaded: LoadedSettings[Any]) -> Iterator[tuple[str, object, str]]:
    """Each setting as (dotted key, value, source)."""
    for key, source in loaded.sources.items():
        section, name = key.split(".")
        yield key, getattr(getattr(loaded.value, section), name), source


def variable_of(key: str) -> str:
    """The environment variable of a dotted key: `database.url` → `LATEBOOK_DATABASE_URL`."""
    return PREFIX + key.replace(".", "_").upper()


def _keys(settings: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for section, field in settings.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, BaseModel):
            for key, inner in table.model_fields.items():
                yield f"{section}.{key}", inner


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not a TOML file: {error}") from error


def _setting_of(
    variable: str, settings: type[BaseModel], keys: Mapping[str, FieldInfo]
) -> tuple[str, str] | None:
    """The section and key that a variable sets; `None` for one of another program, ours or not."""
    if not variable.startswith(PREFIX):
        return None
    section, _, key = variable.removeprefix(PREFIX).lower().partition("_")
    if section in SECTIONS and section not in settings.model_fields:
        return None
    if f"{section}.{key}" not in keys:
        near = _nearest(variable, [variable_of(known) for known in keys])
        raise SettingsError(f"{variable} in the environment is not a setting{near}")
    return section, key


def _nearest(word: str, known: list[str]) -> str:
    match = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {match[0]}?" if match else f"; there are {', '.join(known)}"


def _sentence(
    error: ValidationError, keys: Mapping[str, FieldInfo], sources: Mapping[str, str], path: Path | None
) -> str:
    return "; ".join(_one(dict(detail), keys, sources, path) for detail in error.errors())


def _one(
    detail: dict[str, Any], keys: Mapping[str, FieldInfo], sources: Mapping[str, str], path: Path | None
) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    where = sources.get(key, str(path) if path else "the environment")
    if detail["type"] == "extra_forbidden":
        sections = list(dict.fromkeys(known.split(".")[0] for known in keys))
        near = _nearest(key, list(keys) if "." in key else sections)
        return f"{where}: {key} is not a setting{near}"
    if detail["type"] == "missing":
        return f"{where}: {key} is missing; set it there or as {variable_of(key)}"
    found = "" if isinstance(detail["input"], dict) else f" {detail['input']!r}:"
    message = _EXPECTED.get(detail["type"], detail["msg"].removeprefix("Value error, "))
    return f"{where}: {key} ={found} {message[:1].lower()}{message[1:]}"
