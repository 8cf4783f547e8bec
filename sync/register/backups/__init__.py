"""Backups of the register's database, and restoring them."""
