"""What is plugged in or built in: card readers, slip printers, the clock. Knows nothing of schools."""
