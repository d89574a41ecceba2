import type { Language } from '../../domain/language';
import { WorkflowNotFoundError } from '@temporalio/client';
import { type Request, type Response, Router } from 'express';
import type { Checkout } from '../../db/generated/client';
import { isClosed } from '../../domain/checkout';
import type { ApiDeps } from '../deps';
import { type Html, html, sendPage } from '../../html';
import { languageOf } from '../http/language';
import { returnWordsIn } from './return-words';
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
    page: { language: Language; title: string; body: Html; seconds: number },
  ) => {
    const { language, title, body, seconds } = page;
    sendPage(res, {
      title,
      language,
      refresh: { seconds, url: `/checkouts/${checkout.id}/return?tries=${tries + 1}` },
      body: html`<div role="status">
        <h1>${title}</h1>
        ${body}
        <p class="soft">${returnWordsIn(language).looksAgain}</p>
      </div>`,
    });
  };

  /** What has come to an end that needs nobody here any more. */
  const sendEnd = (
    res: Response,
    language: Language,
    { title, text }: { title: string; text: string },
    back: string,
  ) => {
    sendPage(res, {
      title,
      language,
      body: html`<h1>${title}</h1>
        <p>${text}</p>
        <a class="button" href="${back}">${returnWordsIn(language).back}</a>`,
    });
  };

  const sendOutcome = (res: Response, checkout: Checkout, tries: number, language: Language): void => {
    const words = returnWordsIn(language);
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
          language,
          title: words.pending.title,
          seconds: 30,
          body: html`<p>${words.pending.text}</p>
            <a class="button" href="${withOutcome(checkout.successUrl, checkout)}">${words.back}</a>`,
        });
        return;
      case 'opening':
      case 'open': {
        const { checking } = words;
        sendWaiting(res, checkout, tries, {
          language,
          title: checking.title,
          seconds: tries < 10 ? 3 : 15,
          body: html`<p>${checking.text}</p>
            ${
              tries >= 2 &&
              html`<p>
                ${checking.notPaid}
                ${checkout.url !== null && html`<a href="${checkout.url}">${checking.goOn}</a> · `}
                <a href="${withOutcome(checkout.cancelUrl, checkout)}">${checking.giveUp}</a>
              </p>`
            }`,
        });
        return;
      }
      case 'refunding':
      case 'refunded':
        sendEnd(res, language, words.noPlace, withOutcome(checkout.cancelUrl, checkout));
        return;
      case 'needs_review':
      case 'unverifiable':
        sendEnd(res, language, words.review, withOutcome(checkout.successUrl, checkout));
    }
  };

  const sendUnknown = (res: Response, language: Language): void => {
    const { unknown } = returnWordsIn(language);
    sendPage(res, {
      title: unknown.title,
      language,
      status: 404,
      body: html`<h1>${unknown.heading}</h1>
        <p>${unknown.text}</p>`,
    });
  };

  /** Null: it was answered. */
  const findOr404 = async (req: Request<{ id: string }>, res: Response) => {
    const checkout = await find(req.params.id);
    if (checkout === null) sendUnknown(res, languageOf(req, res));
    return checkout;
  };

  router.get('/checkouts/:id/return', async (req, res) => {
    const checkout = await findOr404(req, res);
    if (checkout === null) return;
    const tries = Number(req.query.tries);
    sendOutcome(
      res,
      await lookNow(checkout),
      Number.isInteger(tries) && tries > 0 ? Math.min(tries, 1000) : 0,
      languageOf(req, res),
    );
  });

  router.get('/checkouts/:id/cancelled', async (req, res) => {
    const checkout = await findOr404(req, res);
    if (checkout === null) return;
    // Leaving Stripe's page closes nothing: clicking Buy again leads back to the same page.
    const paid = checkout.status === 'completed' || checkout.status === 'pending';
    res.redirect(303, paid ? `/checkouts/${checkout.id}/return` : withOutcome(checkout.cancelUrl, checkout));
  });
  for (const page of ['return', 'cancelled']) refuseOtherMethods(router, `/checkouts/:id/${page}`, ['GET']);
  return router;
}
