"""What Schemathesis cannot know of this API: which refusals of a well-formed request are not the document's fault."""

from urllib.parse import quote, urlencode

import schemathesis

# Of a longer head (16 KiB) Node tells the client itself (431), and nothing of it comes to the API; what comes of such requests is
# tried by test/attack/requests.ts. https://nodejs.org/api/http.html#httpmaxheadersize
MOST_OF_AN_ADDRESS = 12_000
# A cursor is one that a list has answered, and a token one that a browser was given: no document can name them.
NAMED_BY_ANSWERS = {"cursor", "token"}
# Which terms of a price, or of a coupon, go together is said in words; each by itself is in the document.
TERMS = ("/v1/products/{id}/prices", "/v1/prices/{id}/replace", "/v1/coupons")
# How many of it one purchase may be of, and in which currencies, each price says.
SAID_BY_PRICE = (("/v1/checkouts", "quantity"), ("/v1/checkouts", "currency"))
# Where browsers go back to may be said once, in the settings.
SAID_BY_SETTINGS = (("/v1/connection", "returnUrl"),)
# Which purchase somebody withdraws from may be known, or not; only where it is not it has to be said.
SAID_BY_WITHDRAWAL = (("/v1/withdrawals/{id}/accept", "membershipId"),)
# Of two times, which comes first is said in words.
IN_ORDER = (("/v1/payments", "to"), ("/v1/payments.csv", "to"), ("/v1/prices/{id}", "salesEndAt"))
# What is said elsewhere, or in words.
SAID_OTHERWISE = {*SAID_BY_PRICE, *SAID_BY_SETTINGS, *SAID_BY_WITHDRAWAL, *IN_ORDER}
# What has passed is passed by the clock.
UNTIL = ("/v1/grants", "/v1/grants/many", "/v1/grants/{id}/extend", "/v1/memberships/{id}/pause")


@schemathesis.hook
def filter_case(context, case):
    """Leaves out what Node's own parser refuses."""
    path = quote(case.formatted_path, errors="replace")
    query = urlencode(case.query or {}, doseq=True, errors="replace")
    return len(path) + len(query) <= MOST_OF_AN_ADDRESS


@schemathesis.check
def document_allows_what_is_taken(ctx, response, case):
    """What the document allows is not refused for its form (400 `invalid_request`)."""
    generation = case.meta.generation if case.meta is not None else None
    if generation is None or not generation.mode.is_positive or response.status_code != 400:
        return
    try:
        problem = response.json()
    except ValueError:
        return
    field = str(problem.get("field", "")).split(".")[0]
    if problem.get("code") != "invalid_request" or field in NAMED_BY_ANSWERS:
        return
    if case.operation.path in UNTIL and problem["detail"].endswith("lies in the past."):
        return
    if case.operation.path in TERMS or (case.operation.path, field) in SAID_OTHERWISE:
        return
    raise AssertionError(f"{case.operation.label}: the document allows {field}, and it is refused: {problem['detail']}")
