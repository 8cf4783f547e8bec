"""Packages whose licence asks for more than a notice are named in docs/licences.md."""

import re
from importlib.metadata import PackageNotFoundError, files, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs/licences.md"
PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", re.MULTILINE)
COPYLEFT = re.compile(r"\b(A?GPL|LGPL|MPL|EPL|EUPL|CDDL|OSL)|GNU|Mozilla|Affero", re.IGNORECASE)
PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|ISC|PSF|Public Domain)\b", re.IGNORECASE)


def packages() -> set[str]:
    locks = [(ROOT / "locks" / name).read_text() for name in ("kiosk.txt", "register.txt")]
    return {name for lock in locks for name in PACKAGE.findall(lock)}


def asks_for_more(licence: str) -> bool:
    """Whether there is no permissive licence to choose instead."""
    return bool(COPYLEFT.search(licence)) and not PERMISSIVE.search(licence)


def licence_of(package: str) -> str | None:
    """The licence as the installed package states it; `None` for a package of another platform."""
    try:
        about = metadata(package)
    except PackageNotFoundError:
        return None
    classifiers = [each for each in about.get_all("Classifier") or [] if each.startswith("License")]
    # Some put the whole text into `License`: its first line is the name.
    texts = [(about[key] or "").strip() for key in ("License-Expression", "License") if key in about]
    stated = "; ".join([*(text.splitlines()[0] for text in texts if text), *classifiers])
    return stated or licence_text(package)


def licence_text(package: str) -> str:
    """The text of the licence in an installed package that does not name it."""
    texts = [file for file in files(package) or [] if file.name.upper().startswith("LICEN")]
    return " ".join(" ".join(file.read_text().split()) for file in texts)


def test_every_package_under_a_copyleft_licence_is_named_with_its_use() -> None:
    listed = set(re.findall(r"[\w.-]+", " ".join(re.findall(r"^\| ([^|]+) \|", DOCUMENT.read_text(), re.M))))
    found = {name for name in packages() if (licence := licence_of(name)) and asks_for_more(licence)}
    assert {"psycopg-binary", "recurring-ical-events", "x-wr-timezone", "certifi"} <= found
    assert found <= listed, (
        f"name these in docs/licences.md, with how they are used: {sorted(found - listed)}"
    )


def test_no_package_is_without_a_licence() -> None:
    assert [name for name in sorted(packages()) if licence_of(name) == ""] == []


@pytest.mark.parametrize(
    ("licence", "more"),
    [
        ("LGPL-3.0-only", True),
        ("GNU Affero General Public License v3", True),
        ("MPL-2.0", True),
        ("MIT", False),
        ("License :: Public Domain; License :: OSI Approved :: GNU General Public License (GPL)", False),
    ],
)
def test_a_copyleft_licence_is_recognised(licence: str, more: bool) -> None:
    assert asks_for_more(licence) is more
