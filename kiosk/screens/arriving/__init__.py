"""Home, finding a pupil, the reason, and what was recorded."""
