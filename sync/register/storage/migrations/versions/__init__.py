"""The migration steps. Each names the previous one."""
