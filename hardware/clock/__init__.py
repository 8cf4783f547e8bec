"""The machine's clock with the trust of its time, and the clock of a reader's thread."""
