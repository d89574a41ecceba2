import type { Express, Request, Response } from 'express';
import {
  cancelByCustomer,
  changeCard,
  portalExpired,
  portalSubscriptions,
  renewByCustomer,
  type CardOutcome,
} from '../billing/portal';
import { readCard } from '../checkout/read-form';
import type { Emulator } from '../emulator';
import type { Subscription } from '../objects/subscription';
import type { PaymentMethod } from '../objects/payment-method';
import { show, textFields } from './checkout-routes';
import {
  cancelPage,
  cardChallengePage,
  cardPage,
  donePage,
  portalGone,
  portalHome,
  type PortalView,
} from './portal-page';

const NOTICES: Record<string, string> = {
  cancelled: 'Your subscription has been cancelled.',
  renewed: 'Your subscription goes on.',
  card: 'Your card has been changed.',
};

/** The customer portal. Plain HTML forms; works without JavaScript. */
export function portalRoutes(app: Express, emulator: Emulator): void {
  const page = (
    method: 'get' | 'post',
    path: string,
    answer: (view: PortalView, request: Request, response: Response) => void,
  ): void => {
    app[method](`/p/session/:id${path}`, (request, response) => {
      const view = findView(emulator, String(request.params.id));
      if (typeof view === 'string')
        return show(response, view === 'expired' ? 410 : 404, portalGone(GONE[view]));
      answer(view, request, response);
    });
  };

  page('get', '', (view, request, response) => {
    const { session } = view;
    const notice = NOTICES[String(request.query.done)];
    if (session.flow && notice === undefined && request.query.home === undefined) {
      const target = session.flow.subscription_cancel
        ? `cancel?subscription=${session.flow.subscription_cancel.subscription}`
        : 'payment-method';
      return response.redirect(303, `/p/session/${session.id}/${target}`);
    }
    show(response, 200, portalHome(view, notice ?? null));
  });

  page('get', '/cancel', (view, request, response) => {
    const subscription = cancellable(view, String(request.query.subscription));
    if (!subscription) return response.redirect(303, `/p/session/${view.session.id}?home=1`);
    show(response, 200, cancelPage(view, subscription));
  });
  page('post', '/cancel', (view, request, response) => {
    const form = textFields(request);
    const subscription = cancellable(view, form.subscription);
    if (!subscription) return show(response, 409, portalHome(view, 'It cannot be cancelled here.'));
    const { options } = view.configuration.features.subscription_cancel.cancellation_reason;
    const feedback = options.find((option) => option === form.feedback);
    const comment = form.comment?.trim() || undefined;
    emulator.db.transaction(() =>
      cancelByCustomer(view.space, view.configuration, subscription.id, { feedback, comment }),
    );
    finish(view, response, 'cancelled');
  });

  page('post', '/renew', (view, request, response) => {
    const { subscription: id } = textFields(request);
    const subscription = portalSubscriptions(view.space, view.session).find((known) => known.id === id);
    if (!subscription || subscription.cancel_at === null || subscription.schedule !== null) {
      return show(response, 409, portalHome(view, 'There is nothing to take back.'));
    }
    emulator.db.transaction(() => renewByCustomer(view.space, subscription.id));
    finish(view, response, 'renewed');
  });

  page('get', '/payment-method', (view, _request, response) => show(response, 200, cardPage(view, null)));
  page('post', '/payment-method', (view, request, response) => {
    const outcome = emulator.db.transaction(() => saveCard(view, textFields(request)));
    answerCard(view, response, outcome);
  });
  page('get', '/authenticate', (view, _request, response) => show(response, 200, cardChallengePage(view)));
  page('post', '/authenticate', (view, request, response) => {
    const passed = textFields(request).result === 'complete';
    const outcome = emulator.db.transaction(() => finishChallenge(view, passed));
    answerCard(view, response, outcome);
  });
}

const GONE = {
  missing: 'There is no such page.',
  expired: 'It has expired. Please go back to the site you came from and open it again.',
};

function findView(emulator: Emulator, id: string): PortalView | keyof typeof GONE {
  for (const space of emulator.allSpaces()) {
    if (!space.find('billing_portal.session', id)) continue;
    space.runDue();
    const session = space.get('billing_portal.session', id);
    if (portalExpired(space, session) || !space.find('customer', session.customer)) return 'expired';
    return {
      space,
      session,
      configuration: space.get('billing_portal.configuration', session.configuration),
    };
  }
  return 'missing';
}

function cancellable({ space, session, configuration }: PortalView, id?: string): Subscription | undefined {
  if (!configuration.features.subscription_cancel.enabled) return undefined;
  return portalSubscriptions(space, session).find(
    (subscription) =>
      subscription.id === id && subscription.cancel_at === null && subscription.schedule === null,
  );
}

function saveCard(view: PortalView, form: Record<string, string>): CardOutcome {
  const customer = view.space.get('customer', view.session.customer);
  const read = readCard(view.space, form, {
    address: customer.address,
    email: customer.email,
    name: customer.name,
    phone: customer.phone,
    tax_id: null,
  });
  if ('error' in read) return { kind: 'declined', message: read.error };
  return changeCard(view.space, view.session, read.method, false);
}

function finishChallenge({ space, session }: PortalView, passed: boolean): CardOutcome {
  const id = session._emu.challengedMethod;
  const method: PaymentMethod | undefined = id ? space.find('payment_method', id) : undefined;
  if (!method) return { kind: 'declined', message: 'There is no card to authenticate. Please try again.' };
  space.update('billing_portal.session', session.id, (draft) => (draft._emu.challengedMethod = null));
  if (passed) return changeCard(space, session, method, true);
  return { kind: 'declined', message: 'We are unable to authenticate your card. Please choose another one.' };
}

function answerCard(view: PortalView, response: Response, outcome: CardOutcome): void {
  if (outcome.kind === 'saved') finish(view, response, 'card');
  else if (outcome.kind === 'challenge') response.redirect(303, `/p/session/${view.session.id}/authenticate`);
  else show(response, 402, cardPage(view, outcome.message));
}

/** Where a customer comes to after an action: https://docs.stripe.com/customer-management/portal-deep-links */
function finish(view: PortalView, response: Response, done: 'cancelled' | 'renewed' | 'card'): void {
  const after = view.session.flow?.after_completion;
  if (after?.type === 'redirect' && after.redirect) response.redirect(303, after.redirect.return_url);
  else if (after?.type === 'hosted_confirmation') {
    show(response, 200, donePage(view, after.hosted_confirmation?.custom_message ?? NOTICES[done] ?? ''));
  } else response.redirect(303, `/p/session/${view.session.id}?done=${done}`);
}
