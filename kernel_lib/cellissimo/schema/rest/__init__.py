"""The JSON of the REST interface: one module a noun, shared by the server and its clients."""
