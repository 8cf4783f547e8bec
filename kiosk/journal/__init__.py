"""The kiosk's durable storage: entries and their place in the outbox, the school's bundle, the known time."""
