"""The school as its bundle describes it: roster, search index, display names."""
