"""A school's policy file: its model, the checker, and mistakes reported by line."""
