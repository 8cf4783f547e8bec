"""The register as a service: app, server, workers, settings."""
