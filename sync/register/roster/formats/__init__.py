"""One file per format, which opens its files and describes what is in them."""
