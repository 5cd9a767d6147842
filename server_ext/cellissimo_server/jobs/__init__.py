"""The durable queue of work that takes longer than a request."""
