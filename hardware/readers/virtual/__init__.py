"""Virtual readers: real frames on a pseudo-terminal, with faults that can be switched on."""
