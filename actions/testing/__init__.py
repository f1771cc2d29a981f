"""Fakes, builders and samples for tests and demonstrations; they ship with the product."""
