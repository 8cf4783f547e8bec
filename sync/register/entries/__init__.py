"""Intake of entries: parsing, verdicts, numbering, replay."""
