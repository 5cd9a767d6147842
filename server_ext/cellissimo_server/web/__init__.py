"""The HTTP interface: handlers that turn requests into commands, and their OpenAPI document."""
