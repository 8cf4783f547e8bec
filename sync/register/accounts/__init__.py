"""Staff accounts: logging in, the second step, sessions in the browser."""
