"""`make bench`: every figure is a ratio of one run on this machine; single times only show where a ratio comes from."""

from tests.bench import requests, starts, sweeps

if __name__ == "__main__":
    for part in (sweeps, requests, starts):
        print("\n".join(part.report()), end="\n\n", flush=True)
