"""The register's database: tables, connection, locks and migrations."""
