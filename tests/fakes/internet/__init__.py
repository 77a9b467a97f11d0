"""A small internet on loopback: names, public addresses, sites with TLS, and secrets to leak."""

from tests.fakes.internet.net import Internet, open_internet, serve_plainly
from tests.fakes.internet.site import Reply, Request, Site, html, pdf

__all__ = ["Internet", "Reply", "Request", "Site", "html", "open_internet", "pdf", "serve_plainly"]
