"""What kiosks call: `/api/v1`."""
