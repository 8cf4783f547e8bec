"""For staff: the staff screen, and pupils' cards."""
