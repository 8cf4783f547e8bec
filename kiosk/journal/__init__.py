"""Durable storage of this kiosk: entries with their place in the outbox, the school's bundle, the known
time."""
