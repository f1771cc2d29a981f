"""What Rasa 3.6 loads (Python 3.10): understanding, the private channel, the patches."""
