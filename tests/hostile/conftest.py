"""Hostile text needs what conversations and browsers need, and one loop to talk in."""

from __future__ import annotations

from tests.browser.conftest import _built, fake_desk, launched, visit
from tests.conversations.conftest import chat, customer

__all__ = ["_built", "chat", "customer", "fake_desk", "launched", "visit"]
