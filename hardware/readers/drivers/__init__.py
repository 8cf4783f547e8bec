"""One file for each family of card readers, and the card numbers they send."""
