"""What screens are made of: tiles, fields, labels, colours, icons."""
