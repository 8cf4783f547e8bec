"""The routes of the office page, one module a page."""
