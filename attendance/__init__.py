"""The rule of lateness: pure decisions from who, when and why. Reads no clock and no screen."""
