"""What the bot can do for a customer: one module for each need, thin over the services."""
