"""What the desk does: one verb a method, one unit of work a call."""
