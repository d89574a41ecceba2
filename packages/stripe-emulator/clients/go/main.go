// The purchase story, told with the official Go client. Each step prints one line: its name, a tab, what was seen.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
	"sync"

	"github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/webhook"
)

var emulator = os.Getenv("EMULATOR_URL")

var browser = http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

type delivery struct {
	body      []byte
	signature string
}

type receiver struct {
	sync.Mutex
	received []delivery
}

func (r *receiver) ServeHTTP(_ http.ResponseWriter, request *http.Request) {
	body := must(io.ReadAll(request.Body))
	r.Lock()
	defer r.Unlock()
	r.received = append(r.received, delivery{body, request.Header.Get("Stripe-Signature")})
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func step(name string, seen ...any) {
	fmt.Printf("%s\t%s", name, fmt.Sprintln(seen...))
}

func yes(value bool) string {
	if value {
		return "yes"
	}
	return "no"
}

func control(path string, body string) map[string]any {
	response := must(http.Post(emulator+"/_emulator"+path, "application/json", strings.NewReader(body)))
	defer response.Body.Close()
	answer := map[string]any{}
	must(0, json.NewDecoder(response.Body).Decode(&answer))
	return answer
}

// Posts a page's form; gives the status and where it leads.
func postForm(address string, fields map[string]string) (int, string) {
	values := url.Values{}
	for name, value := range fields {
		values.Set(name, value)
	}
	response := must(browser.PostForm(address, values))
	defer response.Body.Close()
	return response.StatusCode, response.Header.Get("Location")
}

func pay(session *stripe.CheckoutSession, card string) (int, string) {
	return postForm(session.URL, map[string]string{
		"email": "member@example.com", "payment_method": "card", "card_number": card, "card_expiry": "12 / 60",
		"card_cvc": "123", "billing_name": "Mia Member", "billing_country": "DE",
	})
}

func main() {
	ctx := context.Background()
	client := stripe.NewClient("sk_test_emulator", stripe.WithBackends(stripe.NewBackendsWithConfig(
		&stripe.BackendConfig{
			URL:               stripe.String(emulator),
			MaxNetworkRetries: stripe.Int64(0),
			LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull},
		},
	)))
	hook := &receiver{}
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	go http.Serve(listener, hook)
	endpoint := must(client.V1WebhookEndpoints.Create(ctx, &stripe.WebhookEndpointCreateParams{
		URL:           stripe.String("http://" + listener.Addr().String() + "/hook"),
		EnabledEvents: stripe.StringSlice([]string{"*"}),
		Connect:       stripe.Bool(true),
	}))
	step("webhook endpoint", endpoint.Status, endpoint.Secret[:6])

	account := control("/accounts", `{"businessName":"Ada Coaching","country":"DE"}`)["id"].(string)
	_, location := postForm(emulator+"/oauth/authorize", map[string]string{
		"response_type": "code", "client_id": "ca_test_emulator", "scope": "read_write",
		"redirect_uri": "http://localhost:1/callback", "state": "abc", "account": account, "action": "approve",
	})
	token := must(client.OAuth.Create(ctx, &stripe.OAuthTokenParams{
		GrantType: stripe.String("authorization_code"),
		Code:      stripe.String(must(url.Parse(location)).Query().Get("code")),
	}))
	step("oauth token", token.Scope, "account:", yes(token.StripeUserID == account))
	own := stripe.Params{StripeAccount: stripe.String(account)}

	product := must(client.V1Products.Create(ctx, &stripe.ProductCreateParams{
		Params: own, Name: stripe.String("Programme"),
	}))
	step("product", product.Name, yes(product.Active))
	price := must(client.V1Prices.Create(ctx, &stripe.PriceCreateParams{
		Params: own, Product: stripe.String(product.ID), Currency: stripe.String("eur"),
		UnitAmount: stripe.Int64(2900),
		Recurring:  &stripe.PriceCreateRecurringParams{Interval: stripe.String("month")},
	}))
	step("price", price.UnitAmount, price.Currency, price.Recurring.Interval)
	session := must(client.V1CheckoutSessions.Create(ctx, &stripe.CheckoutSessionCreateParams{
		Params: own, Mode: stripe.String("subscription"),
		LineItems: []*stripe.CheckoutSessionCreateLineItemParams{
			{Price: stripe.String(price.ID), Quantity: stripe.Int64(1)},
		},
		SuccessURL: stripe.String("http://localhost:1/done?session={CHECKOUT_SESSION_ID}"),
		SubscriptionData: &stripe.CheckoutSessionCreateSubscriptionDataParams{
			Metadata: map[string]string{"order": "1"},
			BillingMode: &stripe.CheckoutSessionCreateSubscriptionDataBillingModeParams{
				Type: stripe.String("flexible"),
			},
		},
	}))
	step("checkout session", session.Status, session.PaymentStatus, session.AmountTotal)

	status, _ := pay(session, "4000000000000002")
	step("declined card", status)
	status, location = pay(session, "4242424242424242")
	step("paid by form", status, "to the success page:", yes(strings.HasSuffix(location, "?session="+session.ID)))

	withCustomer := &stripe.CheckoutSessionRetrieveParams{Params: own}
	withCustomer.AddExpand("customer")
	paid := must(client.V1CheckoutSessions.Retrieve(ctx, session.ID, withCustomer))
	step("session afterwards", paid.Status, paid.PaymentStatus, paid.Customer.Email)
	subscription := must(client.V1Subscriptions.Retrieve(
		ctx, paid.Subscription.ID, &stripe.SubscriptionRetrieveParams{Params: own},
	))
	step("subscription", subscription.Status, "order", subscription.Metadata["order"])
	invoice := must(client.V1Invoices.Retrieve(
		ctx, subscription.LatestInvoice.ID, &stripe.InvoiceRetrieveParams{Params: own},
	))
	step("invoice", invoice.Status, invoice.AmountPaid, invoice.BillingReason, "of the subscription:",
		yes(invoice.Parent.SubscriptionDetails.Subscription.ID == subscription.ID))

	listed := map[string]bool{}
	kinds := map[string]bool{}
	count := 0
	list := &stripe.EventListParams{ListParams: stripe.ListParams{
		StripeAccount: stripe.String(account), Limit: stripe.Int64(3),
	}}
	client.V1Events.List(ctx, list).All(ctx)(func(event *stripe.Event, err error) bool {
		must(0, err)
		count++
		kinds[string(event.Type)] = true
		if event.Type != "account.application.authorized" {
			listed[event.ID] = true
		}
		return true
	})
	types := []string{}
	for kind := range kinds {
		types = append(types, kind)
	}
	sort.Strings(types)
	step("events", count, strings.Join(types, " "))

	control("/deliveries/drain", "{}")
	hook.Lock()
	defer hook.Unlock()
	verified, ours := 0, true
	seen := map[string]bool{}
	for _, got := range hook.received {
		event := must(webhook.ConstructEvent(got.body, got.signature, endpoint.Secret))
		verified++
		ours = ours && event.Account == account
		if event.Type != "account.application.authorized" {
			seen[event.ID] = true
		}
	}
	same := len(seen) == len(listed)
	for id := range seen {
		same = same && listed[id]
	}
	step("webhooks verified", verified, "as listed:", yes(same), "of the account:", yes(ours))

	first := hook.received[0]
	altered := append(bytes.Clone(first.body), ' ')
	if _, err := webhook.ConstructEvent(altered, first.signature, endpoint.Secret); err != nil {
		step("altered webhook", "refused")
	} else {
		step("altered webhook", "accepted")
	}
	_, err := client.V1Customers.Retrieve(ctx, "cus_none", &stripe.CustomerRetrieveParams{Params: own})
	var refusal *stripe.Error
	if errors.As(err, &refusal) {
		step("missing customer", refusal.HTTPStatusCode, refusal.Code, refusal.Param)
	} else {
		step("missing customer", "found")
	}
}
