"""The Loop, tried over HTTP on both engines."""
