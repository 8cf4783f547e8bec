"""How far the time of this machine can be trusted, and the clock of a reader's thread."""
