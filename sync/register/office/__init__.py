"""The office page: what the school's office sees in a browser. No build step, and nothing from elsewhere."""
