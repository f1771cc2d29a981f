"""The evaluation report: measures the language understanding and writes ``docs/nlu.md``."""
