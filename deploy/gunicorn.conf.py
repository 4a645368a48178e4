"""How stackmeter is served: two workers of four threads on the loopback, settings from the environment.

https://docs.gunicorn.org/en/stable/settings.html
"""

import os
import sys

from api.hosts import address_of, refusal

wsgi_app = "app:create_app()"
bind = address_of(os.environ)

# An estimate takes well under a millisecond of Python, so threads are for waiting clients and workers for cores.
worker_class = "gthread"
workers = int(os.environ.get("WORKERS", "2"))
threads = int(os.environ.get("THREADS", "4"))

# Each worker makes its own application after the fork: numba's and SQLite's state must not be shared by processes.
preload_app = False
timeout = 60
graceful_timeout = 20
keepalive = 5

# A request is a document of at most 1 MiB in its body; nothing that is asked for needs long lines.
limit_request_line = 4094
limit_request_fields = 50

# Only a proxy on this machine is believed about the client's address and scheme.
forwarded_allow_ips = "127.0.0.1,::1"
errorlog = "-"

# Nothing steers the server while it runs, so it leaves no socket in the user's home.
control_socket_disable = True


def on_starting(server):
    """Refuse to listen where others can reach it, whoever said so: HOST, --bind or GUNICORN_CMD_ARGS."""
    for address in server.address:
        # An address is a pair of host and port, the path of a socket, or the number of an inherited one.
        host = address[0] if isinstance(address, tuple) else f"socket {address}"
        refused = "" if isinstance(address, str) else refusal(host, os.environ)
        if refused:
            sys.stderr.write(f"stackmeter: {refused}\n")
            sys.exit(2)
