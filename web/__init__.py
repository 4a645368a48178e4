"""The page: templates and static files that talk to `api/` over HTTP only."""
