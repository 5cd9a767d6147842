"""Stores of every kind, for whoever asks for one."""

from contextlib import ExitStack

import pytest

from tests.contracts.postgres_server import serving
from tests.contracts.stores import KINDS, Shelf


@pytest.fixture(scope="session")
def postgres():
    """Start PostgreSQL when the first test asks, and give its address."""
    with ExitStack() as stack:
        found = []

        def address():
            if not found:
                found.append(stack.enter_context(serving()).address)
            return found[0]

        yield address


@pytest.fixture(scope="session")
def shelf(postgres):
    """Make stores of every kind."""
    made = Shelf(postgres)
    yield made
    made.close()


@pytest.fixture(params=KINDS)
def store(request, shelf, tmp_path):
    """Open one store of each kind, with its tables."""
    with shelf.store(request.param, tmp_path) as kept:
        yield kept


@pytest.fixture(params=KINDS)
def bare_store(request, shelf, tmp_path):
    """Open one store of each kind, without tables."""
    with shelf.store(request.param, tmp_path, is_empty=True) as kept:
        yield kept
