"""For the people who work at the desk: signing in, transcripts, who has looked at what, staff."""
