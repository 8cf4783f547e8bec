"""The window: the frame around every screen, its menus, sounds and start-up."""
