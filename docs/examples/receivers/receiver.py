"""A receiver of webhooks in Python, with the library of Standard Webhooks. Says on each line what it took in, or why it refused.

pip install standardwebhooks==1.1.0
SESSION_WEBHOOK_SECRET=whsec_… PORT=8787 python3 receiver.py
"""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["SESSION_WEBHOOK_SECRET"])


# Deliveries come side by side; one line at a time.
writing = threading.Lock()


def say(line):
    with writing:
        print(json.dumps(line), flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        # The body as it came: never parsed and written again.
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            message = webhook.verify(body, dict(self.headers))
        # A signature that is no base64 is a ValueError.
        except (WebhookVerificationError, ValueError) as error:
            say({"refused": str(error)})
            self.send_response(400)
            self.end_headers()
            return
        data = message["data"]
        say({"id": data["id"], "type": message["type"], "present": data["present"]})
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8787"))), Receiver)
say({"url": f"http://127.0.0.1:{server.server_port}/session-events"})
server.serve_forever()
