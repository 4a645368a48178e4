"""The REST API: HTTP, and what users saved."""
