"""Card readers: how frames are read, how a port is watched, and readers that are not there."""
