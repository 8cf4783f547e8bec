"""`latebook register` and `latebook roster`."""
