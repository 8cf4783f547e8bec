"""What a person must decide, and carrying the decision out."""
