"""By which names the service may be called, and on which addresses it may listen. Gunicorn reads it, so it is light.

A page of any other site can make a browser call the loopback under a name of its own (DNS rebinding): only the `Host`
header tells. https://owasp.org/www-project-web-security-testing-guide/
"""

import re
from collections.abc import Collection, Mapping
from ipaddress import ip_address

LOCALHOST = "localhost"
LOOPBACK = frozenset({LOCALHOST, "127.0.0.1", "[::1]"})
EXPOSE = "STACKMETER_EXPOSE"
TRUSTED = "STACKMETER_TRUSTED_HOSTS"
# A name or an address, the one of IPv6 in brackets, and a port.
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:]+)(?::[0-9]*)?", re.IGNORECASE)


def trusted_hosts(environment: Mapping[str, str]) -> frozenset[str]:
    """The names by which the service may be called: the loopback's, HOST, and those of STACKMETER_TRUSTED_HOSTS.

    >>> sorted(trusted_hosts({"HOST": "0.0.0.0", "STACKMETER_TRUSTED_HOSTS": "costs.example, 192.0.2.7"}))
    ['127.0.0.1', '192.0.2.7', '[::1]', 'costs.example', 'localhost']
    """
    names = [environment.get("HOST", ""), *environment.get(TRUSTED, "").split(",")]
    said = {_bracketed(name.strip().lower()) for name in names}
    # All addresses of a machine are nobody's name.
    return LOOPBACK | said - {"", "0.0.0.0", "[::]"}  # noqa: S104


def is_trusted(host: str, trusted: Collection[str]) -> bool:
    """Whether a `Host` header, with or without its port, is one of the trusted names.

    >>> is_trusted("localhost:8000", LOOPBACK), is_trusted("[::1]", LOOPBACK), is_trusted("localhost.evil", LOOPBACK)
    (True, True, False)
    """
    found = HOST.fullmatch(host)
    return found is not None and found[1].lower() in trusted


def address_of(environment: Mapping[str, str]) -> str:
    """Where the service listens, as Gunicorn writes it: HOST:PORT, 127.0.0.1:8000 if not said otherwise.

    >>> address_of({}), address_of({"HOST": "::1", "PORT": "80"})
    ('127.0.0.1:8000', '[::1]:80')
    """
    return f"{_bracketed(environment.get('HOST', '127.0.0.1'))}:{environment.get('PORT', '8000')}"


def refusal(host: str, environment: Mapping[str, str]) -> str:
    """Why the service must not listen on an address: everybody who reaches it may do everything. Empty where it may.

    >>> refusal("127.0.0.1", {}), refusal("::", {"STACKMETER_EXPOSE": "yes"}), refusal("", {})[:33]
    ('', '', 'refusing to listen on every addre')
    """
    if _is_loopback(host) or environment.get(EXPOSE) == "yes":
        return ""
    return (
        f"refusing to listen on {host or 'every address'}: there are no accounts, so that whoever reaches the port may "
        f"read, change and delete everything. Read SECURITY.md; {EXPOSE}=yes says that you want it."
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == LOCALHOST or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    """An IPv6 address stands in brackets before a port."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
