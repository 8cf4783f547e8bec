"""The catalogues of the kiosk's languages: gathered from the code, kept up to date, compiled: `make words`.

Needs Babel, which a kiosk has not: it reads what was compiled here. What somebody still has to do for a
language is told at the end: sentences without words, and sentences that no speaker has checked (`fuzzy`).
"""

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

from kiosk.screens.wording.translate import DOMAIN, FOLDER, LANGUAGES

SCREENS = FOLDER.parent
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
WRITTEN_IN = "en"
"""What the code says: it needs no catalogue."""
TRANSLATED = tuple(tag for tag in LANGUAGES if tag != WRITTEN_IN)
WIDTH = 100
KEYWORDS = {"_": None, "ngettext": (1, 2)}
ABOUT: dict[str, Any] = {
    "project": "Latebook",
    "version": "1",
    "last_translator": "nobody who speaks it from home yet",
    "fuzzy": False,
}
COMMENT_TAG = "Translators:"

HEADER = """\
# What Latebook's kiosk says, in {name}.
#
# A sentence marked "#, fuzzy" has not been checked by somebody who speaks this language from
# home; it is shown all the same. Whoever has checked one, and put it right if need be, takes
# "fuzzy" out; `make words` does the rest. Whoever adds one unchecked marks it so.
#
# What stands in {{braces}} is a time, a number or a name: keep it, and move it to where the
# language wants it. The codes L and U are the register's own and stay as they are."""


def po_path(tag: str) -> Path:
    """The catalogue of a language, as people edit it."""
    return FOLDER / tag / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_path(tag: str) -> Path:
    """The catalogue of a language, as a kiosk reads it."""
    return po_path(tag).with_suffix(".mo")


def gather(now: datetime) -> Catalog:
    """Every message of the screens, in the order of their files; `now`, in UTC, is when it was gathered."""
    template = Catalog(creation_date=now, header_comment=HEADER.format(name="English"), **ABOUT)
    for path in sorted((*SCREENS.rglob("*.py"), *SCREENS.rglob("*.kv"))):
        # To a tokenizer kv is Python: its rules are indented blocks, its values are expressions.
        found = extract_from_file(
            "python", path, keywords=KEYWORDS, comment_tags=(COMMENT_TAG,), strip_comment_tags=False
        )
        for line, message, comments, context in found:
            place = [(path.relative_to(SCREENS.parents[1]).as_posix(), line)]
            template.add(message, locations=place, auto_comments=comments, context=context)
    return template


def read(path: Path) -> Catalog:
    """A catalogue or the template from its file.

    Raises:
        OSError: it cannot be read.
        babel.messages.pofile.PoFileError: it is no catalogue.
    """
    tag = None if path == TEMPLATE else path.parts[-3]
    with path.open("rb") as file:
        return read_po(file, locale=tag, abort_invalid=True)


def messages(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the header, which gettext keeps as one."""
    return (message for message in catalogue if message.id)


def written(catalogue: Catalog) -> bytes:
    """A catalogue as its file has it. Places have no line: a line that moves is no change of words."""
    file = BytesIO()
    write_po(file, catalogue, width=WIDTH, include_lineno=False, ignore_obsolete=True)
    return file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """What gettext reads: the sentences that nobody has checked are in it too."""
    file = BytesIO()
    write_mo(file, catalogue, use_fuzzy=True)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[Message]:
    """Messages without words, or without words for one of the plural's forms."""
    return [each for each in messages(catalogue) if not all(_forms(each))]


def unchecked(catalogue: Catalog) -> list[Message]:
    """Messages that no speaker has checked."""
    return [each for each in messages(catalogue) if each.fuzzy]


def _forms(message: Message) -> tuple[str, ...]:
    words = message.string or ""
    return (words,) if isinstance(words, str) else tuple(words)


def brought_up_to_date(tag: str, template: Catalog) -> Catalog:
    """The catalogue of a language with the messages of today; a new one if there is none.

    A sentence that changed in English is a new one: words for something like it are not words for it.
    """
    path = po_path(tag)
    catalogue = read(path) if path.exists() else _new(tag, template)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.header_comment = HEADER.format(name=catalogue.locale.english_name)
    return catalogue


def _new(tag: str, template: Catalog) -> Catalog:
    made = template.creation_date
    return Catalog(locale=tag, creation_date=made, revision_date=made, language_team=LANGUAGES[tag], **ABOUT)


def main(now: datetime) -> int:
    """Gather, bring up to date, compile, and tell how it stands; 1 where something has no words yet."""
    template = gather(now)
    if TEMPLATE.exists():
        before = read(TEMPLATE)
        if {each.id for each in messages(before)} == {each.id for each in messages(template)}:
            template.creation_date = before.creation_date  # nothing new was gathered
    TEMPLATE.write_bytes(written(template))
    missing = 0
    for tag in TRANSLATED:
        catalogue = brought_up_to_date(tag, template)
        po_path(tag).parent.mkdir(parents=True, exist_ok=True)
        po_path(tag).write_bytes(written(catalogue))
        mo_path(tag).write_bytes(compiled(read(po_path(tag))))
        holes = untranslated(catalogue)
        missing += len(holes)
        sys.stdout.write(
            f"{tag} {LANGUAGES[tag]}: {len(catalogue)} messages, {len(unchecked(catalogue))} not checked by a"
            f" speaker, {len(holes)} without words\n"
        )
        sys.stdout.writelines(f"    {each.id}\n" for each in holes)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(datetime.now(UTC)))
