"""Rasa's own server is private: loopback only, and silent to those without the secret."""

from __future__ import annotations

import pytest

from bot.engine.guard import is_private


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.9.9.9"])
def test_this_machine_s_own_addresses_are_private(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", None, "10.0.0.1", "192.168.1.4", "8.8.8.8"])
def test_all_others_are_not_a_private_network_either(host: str) -> None:
    assert not is_private(host)
