"""The API for kiosks: `/api/v1`."""
