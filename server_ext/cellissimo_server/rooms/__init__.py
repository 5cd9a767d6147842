"""The documents that are open, and who is in them."""
