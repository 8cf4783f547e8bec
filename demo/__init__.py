"""The whole product on one machine, for a school of fictional pupils."""
