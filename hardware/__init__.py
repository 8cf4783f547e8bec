"""What is plugged in: card readers and the clock. Knows nothing of pupils, rules or registers."""
