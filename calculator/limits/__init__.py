"""What is demanded of the quotas, and how far traffic can grow."""
