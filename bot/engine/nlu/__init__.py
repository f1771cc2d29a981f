"""Understanding Chinese and English messages: normalise, find facts, tell language and intent."""
