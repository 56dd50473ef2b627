"""The thread between a customer and a shop, asked over HTTP."""
