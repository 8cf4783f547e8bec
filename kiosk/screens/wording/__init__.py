"""The sentences on the screens, and their translation."""
