"""How price files come in: surveys, feeds and AWS's own offer files."""
