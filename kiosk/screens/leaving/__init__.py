"""Collecting, leaving alone, and the wait for release."""
