"""Engine tests run in Rasa's environment, without TensorFlow, as the desk itself does."""

from bot.engine.lean import leave_out_tensorflow

leave_out_tensorflow()
