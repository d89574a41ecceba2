import { WorkflowNotFoundError } from '@temporalio/client';
import { type Response, Router } from 'express';
import type { Checkout } from '../../db/generated/client';
import { isClosed } from '../../domain/checkout';
import type { ApiDeps } from '../deps';
import { type Html, html, sendPage } from '../../html';
import { refuseOtherMethods } from '../http/methods';
import { problemOfRun } from '../http/run-errors';

/** Milliseconds that a returning member waits for us to ask Stripe. */
const UPDATE_TIMEOUT_MS = 8_000;
/** Returns within this many milliseconds share one look at Stripe: reloading does not multiply it. */
const SHARED = 3_000;

/** An address of the coach's site, told which checkout it was and what became of it. */
export function withOutcome(url: string, checkout: Pick<Checkout, 'id' | 'status'>): string {
  const target = new URL(url);
  target.searchParams.set('checkout', checkout.id);
  target.searchParams.set('status', checkout.status);
  return target.href;
}

/** Where Stripe sends members back to: we ask Stripe ourselves, then they go on to the coach's site. */
export function returnPageRouter({ db, workflows, log }: ApiDeps): Router {
  const router = Router();

  const find = (id: string): Promise<Checkout | null> =>
    /^chk_[A-Za-z0-9]{1,64}$/.test(id) ? db.checkout.findUnique({ where: { id } }) : Promise.resolve(null);

  /** The checkout after a look at Stripe; as we know it when nobody can look now. */
  const lookNow = async (checkout: Checkout): Promise<Checkout> => {
    if (isClosed(checkout.status)) return checkout;
    try {
      const updateId = `return:${Math.floor(Date.now() / SHARED)}`;
      await workflows.withDeadline(UPDATE_TIMEOUT_MS, () => workflows.memberReturned(checkout.id, updateId));
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) && problemOfRun(error) === null) throw error;
      log.warn(
        { checkoutId: checkout.id, error: (error as Error).name },
        'the return page answers from the row',
      );
    }
    return (await find(checkout.id)) ?? checkout;
  };

  const sendWaiting = (
    res: Response,
    checkout: Checkout,
    tries: number,
    words: { title: string; body: Html; seconds: number },
  ) => {
    sendPage(res, {
      title: words.title,
      refresh: { seconds: words.seconds, url: `/checkouts/${checkout.id}/return?tries=${tries + 1}` },
      body: html`<div role="status">
        <h1>${words.title}</h1>
        ${words.body}
        <p class="soft">This page looks again by itself.</p>
      </div>`,
    });
  };

  const sendOutcome = (res: Response, checkout: Checkout, tries: number): void => {
    switch (checkout.status) {
      case 'completed':
        res.redirect(303, withOutcome(checkout.successUrl, checkout));
        return;
      case 'expired':
      case 'cancelled':
      case 'failed':
        res.redirect(303, withOutcome(checkout.cancelUrl, checkout));
        return;
      case 'pending':
        sendWaiting(res, checkout, tries, {
          title: 'Your payment is on its way',
          seconds: 30,
          body: html`<p>
              Your order is complete. This way of paying takes a while, from minutes to some days; your access
              begins when the money arrives. Please do not pay again.
            </p>
            <a class="button" href="${withOutcome(checkout.successUrl, checkout)}">Back to the site</a>`,
        });
        return;
      case 'opening':
      case 'open':
        sendWaiting(res, checkout, tries, {
          title: 'Checking your payment',
          seconds: tries < 10 ? 3 : 15,
          body: html`<p>We are asking Stripe about your payment. This takes a few seconds.</p>
            ${
              tries >= 2 &&
              html`<p>
                Not paid yet?
                ${checkout.url !== null && html`<a href="${checkout.url}">Go on to payment</a> or`}
                <a href="${withOutcome(checkout.cancelUrl, checkout)}">go back to the site</a>.
              </p>`
            }`,
        });
        return;
      case 'refunding':
      case 'refunded':
        sendPage(res, {
          title: 'All places are taken',
          body: html`<h1>All places are taken</h1>
            <p>
              Your payment arrived when the last place was gone, so you get your money back in full. It can
              take some days until your bank shows it.
            </p>
            <a class="button" href="${withOutcome(checkout.cancelUrl, checkout)}">Back to the site</a>`,
        });
        return;
      case 'needs_review':
      case 'unverifiable':
        sendPage(res, {
          title: 'Your payment is being looked at',
          body: html`<h1>Your payment is being looked at</h1>
            <p>
              Something about it needs a person's eye. The seller has been told and will get back to you;
              please do not pay again.
            </p>
            <a class="button" href="${withOutcome(checkout.successUrl, checkout)}">Back to the site</a>`,
        });
    }
  };

  const sendUnknown = (res: Response): void => {
    sendPage(res, {
      title: 'Not found',
      status: 404,
      body: html`<h1>This purchase is not known</h1>
        <p>Go back to the site where you started it.</p>`,
    });
  };

  router.get('/checkouts/:id/return', async (req, res) => {
    const checkout = await find(req.params.id);
    if (checkout === null) {
      sendUnknown(res);
      return;
    }
    const tries = Number(req.query.tries);
    sendOutcome(
      res,
      await lookNow(checkout),
      Number.isInteger(tries) && tries > 0 ? Math.min(tries, 1000) : 0,
    );
  });

  router.get('/checkouts/:id/cancelled', async (req, res) => {
    const checkout = await find(req.params.id);
    if (checkout === null) {
      sendUnknown(res);
      return;
    }
    // Leaving Stripe's page closes nothing: clicking Buy again leads back to the same page.
    const paid = checkout.status === 'completed' || checkout.status === 'pending';
    res.redirect(303, paid ? `/checkouts/${checkout.id}/return` : withOutcome(checkout.cancelUrl, checkout));
  });
  for (const page of ['return', 'cancelled']) refuseOtherMethods(router, `/checkouts/:id/${page}`, ['GET']);
  return router;
}
