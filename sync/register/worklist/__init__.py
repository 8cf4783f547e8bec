"""The work items that wait for a user's decision, and their resolution."""
