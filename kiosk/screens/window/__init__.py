"""The window itself: host, menu, bar, sounds, long press."""
