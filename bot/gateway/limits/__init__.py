"""How often somebody may ask: the table of limits, and the buckets that keep count.

``table`` has every number with its reason; ``gate`` is what routes call; ``buckets`` counts in
this process and ``shared`` in Redis for all of them; ``seats`` counts what stays open.
"""
