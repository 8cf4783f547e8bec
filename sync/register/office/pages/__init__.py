"""The addresses of the office page; one module a page."""
