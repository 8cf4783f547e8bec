"""What becomes of a journal whose file is damaged: every row that can be read goes into a new file."""
