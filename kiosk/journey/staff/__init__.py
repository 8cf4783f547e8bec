"""Staff mode, behind a PIN."""
