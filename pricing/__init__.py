"""What AWS publishes: rates, quotas and free tiers, and the arithmetic that runs on them."""
