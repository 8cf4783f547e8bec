"""Where the register keeps what it knows: tables, the connection to the database, and migrations."""
