"""What AWS offers: component types with their inputs, meters, free tiers and quotas, read from data files."""
