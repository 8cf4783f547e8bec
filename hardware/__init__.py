"""What is plugged in: card readers, slip printers, the clock. Knows nothing of pupils, rules or registers."""
