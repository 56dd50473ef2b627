"""The promises, tried from outside: HTTP and WebSocket against the real server process."""
