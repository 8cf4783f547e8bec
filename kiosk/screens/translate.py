"""Every word on the screens comes through here."""

import gettext
from pathlib import Path

_TRANSLATION = gettext.translation(
    "latebook", localedir=Path(__file__).with_name("languages"), languages=["en"], fallback=True
)

_ = _TRANSLATION.gettext
ngettext = _TRANSLATION.ngettext
