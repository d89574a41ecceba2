"""The purchase story, told with the official Python client. Each step prints one line: its name, a tab, what was seen."""

import json
import os
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe

URL = os.environ["EMULATOR_URL"]


class Receiver(BaseHTTPRequestHandler):
    received: list = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append((body, self.headers["Stripe-Signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirect)


def step(name, *seen):
    print(name, " ".join(str(part) for part in seen), sep="\t", flush=True)


def yes(value):
    return "yes" if value else "no"


def control(path, body):
    request = urllib.request.Request(
        f"{URL}/_emulator{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with opener.open(request) as response:
        return json.load(response)


def post_form(address, **fields):
    """Posts a page's form; gives the status and where it leads."""
    try:
        response = opener.open(address, urllib.parse.urlencode(fields).encode())
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return response.status, response.headers.get("Location", "")


def pay(session, card):
    return post_form(
        session.url,
        email="member@example.com",
        payment_method="card",
        card_number=card,
        card_expiry="12 / 60",
        card_cvc="123",
        billing_name="Mia Member",
        billing_country="DE",
    )


def main():
    client = stripe.StripeClient(
        "sk_test_emulator", base_addresses={"api": URL, "connect": URL}, max_network_retries=0
    )
    hook = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    endpoint = client.v1.webhook_endpoints.create(
        {"url": f"http://127.0.0.1:{hook.server_port}/hook", "enabled_events": ["*"], "connect": True}
    )
    step("webhook endpoint", endpoint.status, endpoint.secret[:6])

    account = control("/accounts", {"businessName": "Ada Coaching", "country": "DE"})["id"]
    _, location = post_form(
        f"{URL}/oauth/authorize",
        response_type="code",
        client_id="ca_test_emulator",
        scope="read_write",
        redirect_uri="http://localhost:1/callback",
        state="abc",
        account=account,
        action="approve",
    )
    code = urllib.parse.parse_qs(urllib.parse.urlparse(location).query)["code"][0]
    token = client.oauth.token({"grant_type": "authorization_code", "code": code})
    step("oauth token", token.scope, "account:", yes(token.stripe_user_id == account))
    options = {"stripe_account": account}

    product = client.v1.products.create({"name": "Programme"}, options)
    step("product", product.name, yes(product.active))
    price = client.v1.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 2900, "recurring": {"interval": "month"}},
        options,
    )
    step("price", price.unit_amount, price.currency, price.recurring.interval)
    session = client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "line_items": [{"price": price.id, "quantity": 1}],
            "success_url": "http://localhost:1/done?session={CHECKOUT_SESSION_ID}",
            "subscription_data": {"metadata": {"order": "1"}, "billing_mode": {"type": "flexible"}},
        },
        options,
    )
    step("checkout session", session.status, session.payment_status, session.amount_total)

    step("declined card", pay(session, "4000000000000002")[0])
    status, location = pay(session, "4242424242424242")
    step("paid by form", status, "to the success page:", yes(location.endswith(f"?session={session.id}")))

    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer"]}, options)
    step("session afterwards", paid.status, paid.payment_status, paid.customer.email)
    subscription = client.v1.subscriptions.retrieve(paid.subscription, None, options)
    step("subscription", subscription.status, "order", subscription.metadata["order"])
    invoice = client.v1.invoices.retrieve(subscription.latest_invoice, None, options)
    step(
        "invoice",
        invoice.status,
        invoice.amount_paid,
        invoice.billing_reason,
        "of the subscription:",
        yes(invoice.parent.subscription_details.subscription == subscription.id),
    )
    events = list(client.v1.events.list({"limit": 3}, options).auto_paging_iter())
    step("events", len(events), *sorted({event.type for event in events}))

    control("/deliveries/drain", {})
    verified = [
        client.construct_event(body, signature, endpoint.secret) for body, signature in Receiver.received
    ]
    listed = {event.id for event in events}
    seen = {event.id for event in verified if event.type != "account.application.authorized"}
    step(
        "webhooks verified",
        len(verified),
        "as listed:",
        yes(seen == listed - {event.id for event in events if event.type == "account.application.authorized"}),
        "of the account:",
        yes(all(event.account == account for event in verified)),
    )
    body, signature = Receiver.received[0]
    try:
        client.construct_event(body + b" ", signature, endpoint.secret)
        step("altered webhook", "accepted")
    except stripe.SignatureVerificationError:
        step("altered webhook", "refused")
    try:
        client.v1.customers.retrieve("cus_none", None, options)
        step("missing customer", "found")
    except stripe.InvalidRequestError as error:
        step("missing customer", error.http_status, error.code, error.param)


main()
