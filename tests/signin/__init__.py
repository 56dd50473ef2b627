"""Signing in, tried over HTTP on both engines."""
