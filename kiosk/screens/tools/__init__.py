"""Not shown to anybody: the catalogue builder and the picture gallery."""
