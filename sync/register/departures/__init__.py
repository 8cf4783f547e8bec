"""Who leaves with whom: requests, release, who may collect, who is out."""
