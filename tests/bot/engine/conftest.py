"""Engine tests run in Rasa's environment, as lean as the desk itself runs it."""

from bot.engine.lean import leave_out_what_is_not_used

leave_out_what_is_not_used()
