"""Taking entries in: parsing, verdicts, numbering, replay."""
