"""Card readers: parsing their frames, supervising their ports, probing for them, and simulating them."""
