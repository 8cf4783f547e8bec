"""A school's policy file: its model, the checks, and mistakes named by line."""
