"""Where the checkout is, and the design's worked examples and data where they lie beside it."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
