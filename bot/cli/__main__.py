"""``python -m bot.cli`` is ``desk``: how make, supervisord and the tests start it."""

from bot.cli import main

if __name__ == "__main__":
    main(prog_name="desk")
