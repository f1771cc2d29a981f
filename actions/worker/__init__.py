"""The worker: does afterwards what the desk has promised."""
