"""One file a format: each opens its files and says what is in them."""
