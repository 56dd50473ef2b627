"""Staff, roles and rights, tried over HTTP on both engines."""
