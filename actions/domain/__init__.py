"""The refund desk's own words: money, orders, accounts, cases, decisions, tickets.

Standard library only. It knows what things are and which changes are legal;
what is decided is left to ``policy``, what is stored to ``storage``.
"""
