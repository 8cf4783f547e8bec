"""`latebook policy`: list, show, check, decide and write policy files."""
