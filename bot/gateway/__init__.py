"""The public web app: chat sessions, the inbox in front of Rasa, delivery, pages. Keeps the
transcript; decides nothing about refunds.
"""
