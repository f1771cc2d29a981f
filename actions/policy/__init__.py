"""The refund policy: brand files, pure rules, the engine that decides, and promised dates.

No database, no network, no clock of its own: the same facts give the same decision.
"""
