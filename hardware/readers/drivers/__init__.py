"""Drivers, one file for each family of card readers, and the names of the cards that they read."""
