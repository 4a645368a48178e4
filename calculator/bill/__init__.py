"""The bill: usage pooled, less what is free, through the tiers, handed back."""
