"""What a message says as facts: kind, normal value and place (docs/intents.md says which)."""
