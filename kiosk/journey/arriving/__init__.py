"""Arriving: signing in, and coming back after signing out."""
