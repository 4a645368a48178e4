"""Traffic along connections: what comes from outside fills the inputs behind it."""
