"""Five schools' policies, one TOML file each, with the paragraph of the document behind every value."""
