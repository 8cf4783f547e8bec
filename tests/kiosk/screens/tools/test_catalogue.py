"""The catalogues are complete, keep every placeholder, and use only letters that the fonts can draw."""

import gettext
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from PIL import ImageFont

from attendance.languages import unchecked_sentences
from kiosk.screens import fonts
from kiosk.screens.kit import line_breaking
from kiosk.screens.kit.scripts import Script
from kiosk.screens.tools import catalogue
from kiosk.screens.tools.catalogue import TRANSLATED

NOW = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def template() -> Catalog:
    return catalogue.extract(NOW)


@pytest.fixture(params=TRANSLATED)
def tag(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read(tag: str) -> Catalog:
    return catalogue.read(catalogue.po_path(tag))


def ids(catalogue_of: Catalog) -> set[object]:
    return {key(message) for message in catalogue.messages(catalogue_of)}


def key(message: Message) -> object:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def translations(message: Message) -> tuple[str, ...]:
    assert message.string is not None
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


# --- Complete -------------------------------------------------------------------------------------


def test_messages_are_extracted_from_python_and_from_kv(template: Catalog) -> None:
    assert template["Welcome back, {name}"] is not None
    assert template["Sign in and go to class"] is not None
    assert ("in {count} minute", "in {count} minutes") in ids(template)


def test_every_call_in_a_kv_file_is_extracted(template: Catalog) -> None:
    calls = [
        (text, path.name)
        for path in sorted(catalogue.SCREENS.rglob("*.kv"))
        for text in re.findall(r"tr\._\('([^']*)'\)", path.read_text("utf-8"))
    ]
    assert len(calls) > 40
    assert [call for call in calls if call[0] not in ids(template)] == []


def test_the_template_has_every_message_of_the_code(template: Catalog) -> None:
    assert ids(catalogue.read(catalogue.TEMPLATE)) == ids(template), "run `make words`"


def test_a_catalogue_has_the_messages_of_the_code_and_no_other(tag: str, template: Catalog) -> None:
    assert ids(read(tag)) == ids(template), "run `make words`"
    assert read(tag).obsolete == {}


def test_every_message_has_a_translation(tag: str) -> None:
    assert [each.id for each in catalogue.untranslated(read(tag))] == []


def test_the_compiled_catalogue_matches_its_source(tag: str) -> None:
    assert catalogue.mo_path(tag).read_bytes() == catalogue.mo_bytes(read(tag)), "run `make words`"


def test_an_unchecked_translation_is_shown_and_is_marked_in_the_catalogue(tag: str) -> None:
    with catalogue.mo_path(tag).open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    unchecked = [each for each in catalogue.unchecked(read(tag)) if isinstance(each.id, str)]
    assert [each.id for each in unchecked if compiled.gettext(str(each.id)) != each.string] == []
    assert "has not been checked by a native speaker" in read(tag).header_comment


def test_locations_in_a_catalogue_have_no_line_numbers(tag: str) -> None:
    places = re.findall(r"^#: (.*)$", catalogue.po_path(tag).read_text("utf-8"), re.MULTILINE)
    assert places
    assert [place for place in places if re.search(r":\d", place)] == []


# --- Plurals and values ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("pl", {1: 0, 2: 1, 4: 1, 5: 2, 12: 2, 21: 2, 22: 1, 112: 2}),
        ("ro", {1: 0, 0: 1, 2: 1, 19: 1, 20: 2, 101: 1, 120: 2}),
        ("ur", {0: 1, 1: 0, 2: 1}),
        ("pa", {1: 0, 2: 1}),
    ],
)
def test_a_number_takes_the_plural_of_its_language(language: str, forms: dict[int, int]) -> None:
    with catalogue.mo_path(language).open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    one, many = "in {count} minute", "in {count} minutes"
    words = translations(read(language)[one])
    for count, form in forms.items():
        assert compiled.ngettext(one, many, count) == words[form], count


def placeholders(text: str) -> list[str]:
    return sorted(name for _words, name, _format, _conversion in Formatter().parse(text) if name is not None)


def test_every_form_keeps_the_placeholders_of_the_english_sentence(tag: str) -> None:
    for message in catalogue.messages(read(tag)):
        english = message.id if isinstance(message.id, str) else message.id[1]
        for form in translations(message):
            assert placeholders(form) == placeholders(english), form


def test_the_office_is_told_how_many_sentences_no_speaker_has_checked(tag: str) -> None:
    assert unchecked_sentences(tag) == len(catalogue.unchecked(read(tag)))


def test_no_sentence_names_a_code_of_the_register(tag: str) -> None:
    """Codes are for the office: the screens fill them in as values."""
    for message in catalogue.messages(read(tag)):
        english = message.id if isinstance(message.id, str) else message.id[1]
        for form in (english, *translations(message)):
            assert not {"L", "U"} & set(form.split()), form


# --- Letters that can be drawn --------------------------------------------------------------------

KIVY = find_spec("kivy")
assert KIVY is not None
assert KIVY.origin is not None
ROBOTO = Path(KIVY.origin).parent / "data" / "fonts"
FILES = {
    Script.LATIN: (ROBOTO / "Roboto-Regular.ttf", ROBOTO / "Roboto-Bold.ttf"),
    Script.ARABIC: fonts.NASKH,
    Script.GURMUKHI: fonts.GURMUKHI,
}
UNASSIGNED = "\U0010fffd"


@cache
def has(script: Script, character: str) -> bool:
    """Whether both fonts have a glyph for it that differs from their glyph for an unassigned character."""
    for file in FILES[script]:
        font = ImageFont.truetype(str(file), 40, layout_engine=ImageFont.Layout.BASIC)
        if bytes(font.getmask(character)) == bytes(font.getmask(UNASSIGNED)):
            return False
    return True


def pieces(text: str) -> Iterator[tuple[str, Script]]:
    for word in line_breaking.words_of(text, bold=False, bold_values=False):
        yield from ((letters, style.script) for letters, style in word.pieces)


def undrawable(text: str) -> set[str]:
    plain = re.sub(r"\{\w+\}", " ", text)  # a value is drawn on its own
    return {char for letters, script in pieces(plain) for char in letters if not has(script, char)}


def test_a_letter_without_a_glyph_is_reported() -> None:
    assert undrawable("ایک لمحہ… (PIN)") == {"…"}
    assert undrawable("Zażółć, București") == set()


def test_every_letter_has_a_glyph_in_the_font_that_draws_it(tag: str) -> None:
    faults = {form: undrawable(form) for each in catalogue.messages(read(tag)) for form in translations(each)}
    assert {form: missing for form, missing in faults.items() if missing} == {}


def test_every_letter_of_the_english_has_a_glyph(template: Catalog) -> None:
    english = [each.id if isinstance(each.id, str) else each.id[1] for each in catalogue.messages(template)]
    assert {text: undrawable(text) for text in english if undrawable(text)} == {}


# --- Bringing up to date --------------------------------------------------------------------------


def test_a_sentence_that_changed_in_english_has_no_translation_and_the_others_keep_theirs(
    template: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pl" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "pl" / "LC_MESSAGES" / "latebook.po").write_bytes(catalogue.po_path("pl").read_bytes())
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    changed = Catalog()
    changed.add("Back")
    changed.add("A warm welcome back, {name}")
    updated = catalogue.update("pl", changed)
    again = read_po(BytesIO(catalogue.po_bytes(updated)), locale="pl")
    assert {each.id: each.string for each in catalogue.messages(again)} == {
        "Back": "Wstecz",
        "A warm welcome back, {name}": "",
    }
    assert again["Back"].fuzzy
    assert not again["A warm welcome back, {name}"].fuzzy
    assert again.obsolete == {}
