"""What Rasa loads: the understanding of ``bot.engine.nlu`` as components of its pipeline."""
