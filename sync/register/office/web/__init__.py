"""The frame of every page: rendering, login guard, errors, files."""
