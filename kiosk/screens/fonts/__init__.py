"""The fonts beside Kivy's own Roboto, with their licences."""

from pathlib import Path

_HERE = Path(__file__).parent

LUCIDE = _HERE / "lucide.ttf"
"""Icons: Lucide 1.62.0, `font/lucide.ttf` of the npm package `lucide-static`, unchanged."""
NASKH = (_HERE / "NotoNaskhArabic-Regular.ttf", _HERE / "NotoNaskhArabic-Bold.ttf")
"""Urdu: Noto Naskh Arabic from Debian's `fonts-noto-core` 20201225, unchanged. Nastaliq would be twice as
high, too much for a small display."""
GURMUKHI = (_HERE / "NotoSansGurmukhi-Regular.ttf", _HERE / "NotoSansGurmukhi-Bold.ttf")
"""Punjabi: Noto Sans Gurmukhi, from the same package, unchanged."""
