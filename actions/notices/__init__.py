"""What people are told later, by mail: kinds of notice, their words, and how they are sent.

Knows words and SMTP. When something is told, and to whom, is left to the services.
"""
