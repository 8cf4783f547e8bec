"""The register-close rule: pure decisions from who, when and why. Reads no clock, no file and no screen."""
