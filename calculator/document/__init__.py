"""A document in, an architecture out."""
