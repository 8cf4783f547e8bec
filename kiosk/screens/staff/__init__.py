"""Staff mode: PIN, queue, cards, undo."""
