"""The business: policy, refunds, tickets. Usable and tested without Rasa; knows nothing of bot/."""
