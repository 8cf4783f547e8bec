"""The whole product on one machine, with a school of fictional pupils."""
