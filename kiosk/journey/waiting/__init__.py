"""Requests for release that wait beside the screen. Nothing here knows of steps or of the session."""
