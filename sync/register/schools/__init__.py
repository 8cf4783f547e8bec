"""Schools: their settings, policies and pupil records."""
