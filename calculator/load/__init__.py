"""The mathematics of load: queues, buckets of tokens, cold starts. It knows no architecture."""
