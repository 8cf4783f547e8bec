"""The folders of the checkout, and of the design's worked examples and data if they are beside it."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
