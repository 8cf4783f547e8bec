"""The office page's accounts: passwords, the second step, browser sessions."""
