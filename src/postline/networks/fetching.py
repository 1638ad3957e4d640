"""Whether a network can reach our public address, where it fetches what cannot be sent to it."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def can_fetch(public_url: str, network_url: str) -> bool:
    """A network of this machine (the sandbox) reaches everything; any other only public https addresses.

    A name is believed to be public; whether it is shows `postline doctor`.
    """
    return is_local(network_url) or (not is_local(public_url) and urlsplit(public_url).scheme == "https")


def is_local(url: str) -> bool:
    """Whether a URL's host is this machine or one of a private network, by its looks."""
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))
    return not address.is_global
