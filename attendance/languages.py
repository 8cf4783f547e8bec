"""The languages that pupils and families can read at a kiosk."""

from collections.abc import Mapping
from types import MappingProxyType

ENGLISH = "en"
"""The language of the code's own texts, and the default."""

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {ENGLISH: "English", "pl": "Polski", "ro": "Română", "ur": "اردو", "pa": "ਪੰਜਾਬੀ"}
)
"""Each language's own name by its tag (BCP 47). A kiosk needs `kiosk/screens/languages/<tag>` for it."""
