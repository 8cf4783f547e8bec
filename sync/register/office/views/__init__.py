"""What a page of the office says, as data."""
