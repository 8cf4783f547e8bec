"""The languages that pupils and families can read at a kiosk."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

ENGLISH = "en"
"""The language of the code's own texts, and the default."""

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {ENGLISH: "English", "pl": "Polski", "ro": "Română", "ur": "اردو", "pa": "ਪੰਜਾਬੀ"}
)
"""Each language's own name by its tag (BCP 47). A kiosk needs `kiosk/screens/languages/<tag>` for it."""

UNCHECKED_FILE = Path(__file__).with_name("unchecked_translations.json")
"""How many sentences of each language no native speaker has checked; written by `make words`."""


def unchecked_sentences(tag: str) -> int:
    """How many of the kiosk's sentences in a language no native speaker has checked; 0 for English."""
    counts: dict[str, int] = json.loads(UNCHECKED_FILE.read_text("utf-8"))
    return counts.get(tag, 0)
