"""Extract the messages of the screens, update each language's catalogue, compile them (`make words`).

Needs Babel, which a kiosk does not have: it reads only the compiled files. The report at the end lists what
is left to do for each language: messages without a translation, and translations that no speaker has checked
(`fuzzy`).
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from attendance.languages import ENGLISH, LANGUAGES, UNCHECKED_FILE
from attendance.reasons import REASON_LABEL
from kiosk.screens.wording.translate import DOMAIN, FOLDER

SCREENS = FOLDER.parent
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
TRANSLATED = tuple(tag for tag in LANGUAGES if tag != ENGLISH)
"""The languages with a catalogue: the message ids are English."""
WIDTH = 100
KEYWORDS = {"_": None, "ngettext": (1, 2)}
HEADER_FIELDS: dict[str, Any] = {
    "project": "Latebook",
    "version": "1",
    "last_translator": "no native speaker yet",
    "fuzzy": False,
}
COMMENT_TAG = "Translators:"

HEADER = """\
# The words of Latebook's kiosk in {name}.
#
# A translation marked "#, fuzzy" has not been checked by a native speaker; the kiosk shows it all
# the same. When you have checked one, and corrected it where needed, delete "fuzzy" and run
# `make words`. Mark a new translation as fuzzy until a native speaker has checked it.
#
# {{braces}} hold a time, a number, a name or a code: keep them, and move them to where the language
# wants them."""


def po_path(tag: str) -> Path:
    """The catalogue of a language that translators edit."""
    return FOLDER / tag / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_path(tag: str) -> Path:
    """The compiled catalogue of a language, which the kiosk reads."""
    return po_path(tag).with_suffix(".mo")


def extract(now: datetime) -> Catalog:
    """A template with every message of the screens, in the order of their files.

    Args:
        now: the creation date of the template, in UTC.
    """
    template = Catalog(creation_date=now, header_comment=HEADER.format(name="English"), **HEADER_FIELDS)
    for path in sorted((*SCREENS.rglob("*.py"), *SCREENS.rglob("*.kv"))):
        # The tokenizer reads kv as Python: its rules are indented blocks, its values are expressions.
        messages_of_file = extract_from_file(
            "python", path, keywords=KEYWORDS, comment_tags=(COMMENT_TAG,), strip_comment_tags=False
        )
        for line, message, comments, context in messages_of_file:
            location = [(path.relative_to(SCREENS.parents[1]).as_posix(), line)]
            template.add(message, locations=location, auto_comments=comments, context=context)
    for label in REASON_LABEL.values():
        template.add(label, locations=[("attendance/reasons.py", 1)])
    return template


def read(path: Path) -> Catalog:
    """Read a catalogue or the template.

    Raises:
        OSError: the file cannot be read.
        babel.messages.pofile.PoFileError: the file is not a catalogue.
    """
    tag = None if path == TEMPLATE else path.parts[-3]
    with path.open("rb") as file:
        return read_po(file, locale=tag, abort_invalid=True)


def messages(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the header, which gettext stores as a message with an empty id."""
    return (message for message in catalogue if message.id)


def po_bytes(catalogue: Catalog) -> bytes:
    """A catalogue as a .po file, without line numbers: code that moves does not change the file."""
    file = BytesIO()
    write_po(file, catalogue, width=WIDTH, include_lineno=False, ignore_obsolete=True)
    return file.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """A catalogue as a .mo file, unchecked translations included."""
    file = BytesIO()
    write_mo(file, catalogue, use_fuzzy=True)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[Message]:
    """Messages without a translation, or without one of the language's plural forms."""
    return [message for message in messages(catalogue) if not all(_forms(message))]


def unchecked(catalogue: Catalog) -> list[Message]:
    """Messages whose translation no native speaker has checked."""
    return [message for message in messages(catalogue) if message.fuzzy]


def _forms(message: Message) -> tuple[str, ...]:
    translation = message.string or ""
    return (translation,) if isinstance(translation, str) else tuple(translation)


def update(tag: str, template: Catalog) -> Catalog:
    """The catalogue of a language with the template's messages; a new catalogue if it has none yet.

    A message that changed in English has no translation: the old one may say something else. To change the
    English and keep the translations, use `kiosk.screens.tools.reword`.
    """
    path = po_path(tag)
    catalogue = read(path) if path.exists() else _new(tag, template)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.header_comment = HEADER.format(name=catalogue.locale.english_name)
    catalogue.last_translator = HEADER_FIELDS["last_translator"]
    return catalogue


def _new(tag: str, template: Catalog) -> Catalog:
    date = template.creation_date
    return Catalog(
        locale=tag, creation_date=date, revision_date=date, language_team=LANGUAGES[tag], **HEADER_FIELDS
    )


def main(now: datetime) -> int:
    """Extract, update, compile and report; returns 1 while a message has no translation."""
    template = extract(now)
    if TEMPLATE.exists():
        before = read(TEMPLATE)
        if {message.id for message in messages(before)} == {message.id for message in messages(template)}:
            template.creation_date = before.creation_date  # the same messages: keep the file as it is
    TEMPLATE.write_bytes(po_bytes(template))
    missing = 0
    not_checked: dict[str, int] = {}
    for tag in TRANSLATED:
        catalogue = update(tag, template)
        po_path(tag).parent.mkdir(parents=True, exist_ok=True)
        po_path(tag).write_bytes(po_bytes(catalogue))
        mo_path(tag).write_bytes(mo_bytes(read(po_path(tag))))
        gaps = untranslated(catalogue)
        not_checked[tag] = len(unchecked(catalogue))
        missing += len(gaps)
        sys.stdout.write(
            f"{tag} {LANGUAGES[tag]}: {len(catalogue)} messages, {len(unchecked(catalogue))} not checked by a"
            f" native speaker, {len(gaps)} without a translation\n"
        )
        sys.stdout.writelines(f"    {message.id}\n" for message in gaps)
    UNCHECKED_FILE.write_text(json.dumps(not_checked, indent=2) + "\n", "utf-8")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(datetime.now(UTC)))
