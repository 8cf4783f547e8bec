"""Virtual readers: real frames on a pseudo-terminal, with faults to switch on."""
