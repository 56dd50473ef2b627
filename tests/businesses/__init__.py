"""Registering, profiles and the directory, tried over HTTP on both engines."""
