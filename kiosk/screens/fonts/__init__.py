"""The icon font, with its licence beside it. Letters are Kivy's own Roboto."""

from pathlib import Path

LUCIDE = Path(__file__).with_name("lucide.ttf")
"""Lucide 1.62.0, `font/lucide.ttf` of the npm package `lucide-static`, unchanged."""
