"""Stores of every kind, as the contracts have them."""

from tests.contracts.conftest import postgres, shelf

__all__ = ["postgres", "shelf"]
