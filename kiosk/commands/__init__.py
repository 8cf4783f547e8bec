"""The `latebook` command and its subcommands."""
