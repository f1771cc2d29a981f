"""What people talk to: chat, pages, channels, the command line. May use ``actions``, never back."""
