"""A stand-in for the networks: one HTTP server that speaks the parts of Graph API and TikTok API that Postline uses.

Start it:

    python -m postline.sandbox --port 0 --data DIR      prints: sandbox ready http://127.0.0.1:PORT

or inside a test:

    async with running_sandbox(settings=Settings(image_seconds=0)) as sandbox:
        sandbox.url, sandbox.world

Point every host of a network at that address: graph.facebook.com, www.facebook.com (the login dialog), rupload,
open.tiktokapis.com, www.tiktok.com. App credentials: `sandbox-meta-app` / `sandbox-meta-secret` and
`sandbox-tiktok-key` / `sandbox-tiktok-secret`; any redirect URI on this machine is registered.

A person clicks through the consent pages; a test adds `&sandbox_auto=1` to their address (meta/oauth.py and
tiktok/oauth.py). Open /sandbox to see what is live; control.py lists the rest of the surface under /sandbox, people.py
what people can do in the networks' apps, faults.py what can go wrong on demand, settings.py what can be set (webhook
addresses among it), and `GET /sandbox/endpoints` the names of all endpoints.

Nothing here imports the product's network code: it is written from the networks' documentation alone, so that the two
check each other.
"""

from postline.sandbox.server import RunningSandbox, create_app, create_sandbox, running_sandbox
from postline.sandbox.settings import Settings
from postline.sandbox.world import World

__all__ = ["RunningSandbox", "Settings", "World", "create_app", "create_sandbox", "running_sandbox"]
