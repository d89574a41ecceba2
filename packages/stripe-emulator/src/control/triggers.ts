import { settlePayment } from '../billing/settlement';
import {
  endDispute,
  escalateDispute,
  openDispute,
  reviewDispute,
  type DisputeKind,
} from '../billing/disputes';
import { failRefund, refundCharge } from '../billing/refunds';
import { askForVerification, completeVerification, restrictAccount } from '../connect/accounts';
import { disconnect } from '../connect/oauth';
import type { Emulator } from '../emulator';
import { DISPUTE_REASONS } from '../objects/dispute';
import { StripeError } from '../http/errors';
import { publicForm } from '../json';
import type { Space } from '../space';
import { deletePrice } from './catalog-triggers';
import { ControlError, spaceFrom } from './lookup';

type Input = Record<string, unknown>;
type Trigger = (emulator: Emulator, space: Space, input: Input) => unknown;

/** Things that happen at Stripe without an API call: in the owner's Dashboard, at a bank, at Stripe's compliance. */
const TRIGGERS: Record<string, Trigger> = {
  verification_completed: (emulator, space) => completeVerification(emulator, space.accountId),
  verification_due: (emulator, space) => askForVerification(emulator, space.accountId),
  account_restricted: (emulator, space) => restrictAccount(emulator, space.accountId),
  deauthorize: (emulator, space) => {
    if (!disconnect(emulator, space.accountId, space.livemode)) {
      throw new ControlError(`account ${space.accountId} is not connected in this mode`, 409);
    }
    return { deauthorized: space.accountId };
  },
  refund: (_emulator, space, input) =>
    refundCharge(space, {
      charge: text(input, 'charge'),
      payment_intent: text(input, 'payment_intent'),
      amount: typeof input.amount === 'number' ? input.amount : undefined,
      reason: 'requested_by_customer',
    }),
  refund_failed: (_emulator, space, input) => failRefund(space, text(input, 'refund') ?? ''),
  price_deleted: (_emulator, space, input) => deletePrice(space, text(input, 'price') ?? ''),
  dispute_created: (_emulator, space, input) => dispute(space, input, 'chargeback'),
  dispute_under_review: (_emulator, space, input) => reviewDispute(space, disputeOf(space, input)),
  dispute_won: (_emulator, space, input) => endDispute(space, disputeOf(space, input), 'won'),
  dispute_lost: (_emulator, space, input) => endDispute(space, disputeOf(space, input), 'lost'),
  warning_needs_response: (_emulator, space, input) => dispute(space, input, 'inquiry'),
  warning_under_review: (_emulator, space, input) => reviewDispute(space, disputeOf(space, input)),
  warning_escalated: (_emulator, space, input) => escalateDispute(space, disputeOf(space, input)),
  warning_closed: (_emulator, space, input) => endDispute(space, disputeOf(space, input), 'warning_closed'),
  prevented: (_emulator, space, input) => dispute(space, input, 'prevented'),
  payment_method_fails: (_emulator, space, input) => setFailing(space, input, true),
  payment_method_recovers: (_emulator, space, input) => setFailing(space, input, false),
  card_expiring: (_emulator, space, input) => expireCards(space, input),
  async_payment: (_emulator, space, input) => {
    const id = text(input, 'session');
    if (id === undefined) throw new ControlError('give `session` and `succeeded`');
    const session = space.get('checkout.session', id, 'session');
    const intent = session.payment_intent ?? intentOfInvoice(space, session.invoice);
    if (!intent || space.get('payment_intent', intent).status !== 'processing') {
      throw new ControlError(`session ${id} has no payment that is under way`, 409);
    }
    settlePayment(space, intent, input.succeeded === true);
    return space.get('checkout.session', id);
  },
};

export const triggerNames = Object.keys(TRIGGERS);

/** Runs a trigger by name; its answer is the object that it changed. */
export function runTrigger(emulator: Emulator, name: string, input: Input): unknown {
  const trigger = TRIGGERS[name];
  if (!trigger) throw new ControlError(`there is no trigger ${name}; known: ${triggerNames.join(', ')}`, 404);
  const space = spaceFrom(emulator, input);
  try {
    return publicForm(emulator.db.transaction(() => trigger(emulator, space, input)));
  } catch (error) {
    if (error instanceof StripeError) throw new ControlError(error.message, error.status);
    throw error;
  }
}

/** The payer's bank disputes `charge` or the charge of `payment_intent`. */
function dispute(space: Space, input: Input, kind: DisputeKind): unknown {
  const reason = text(input, 'reason') ?? 'fraudulent';
  if (!DISPUTE_REASONS.includes(reason)) {
    throw new ControlError(`there is no reason ${reason}; known: ${DISPUTE_REASONS.join(', ')}`);
  }
  const amount = typeof input.amount === 'number' ? input.amount : undefined;
  return openDispute(space, { charge: chargeOf(space, input), kind, reason, amount });
}

/** The id of `dispute`, or of the newest dispute of `charge` or `payment_intent`. */
function disputeOf(space: Space, input: Input): string {
  const id = text(input, 'dispute');
  if (id !== undefined) return id;
  const charge = chargeOf(space, input);
  const found = space.listBy('dispute', 'charge', charge)[0];
  if (!found) throw new ControlError(`charge ${charge} is not disputed`, 409);
  return found.id;
}

function chargeOf(space: Space, input: Input): string {
  const charge = text(input, 'charge');
  if (charge !== undefined) return charge;
  const intent = text(input, 'payment_intent');
  if (intent === undefined) throw new ControlError('give `charge` or `payment_intent`');
  const latest = space.get('payment_intent', intent, 'payment_intent').latest_charge;
  if (latest === null) throw new ControlError(`payment intent ${intent} has no charge`, 409);
  return latest;
}

function text(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

function intentOfInvoice(space: Space, invoice: string | null): string | undefined {
  const payment = invoice === null ? undefined : space.listBy('invoice_payment', 'invoice', invoice)[0];
  return payment?.payment.payment_intent;
}

/**
 * The cards of the customer (or the subscription's customer) are good until the end of the present month. Later charges
 * are declined as `expired_card`. The card network says so (https://docs.stripe.com/api/events/types#event_types-payment_method.automatically_updated).
 */
function expireCards(space: Space, input: Input): unknown {
  const date = new Date(space.now() * 1000);
  const methods = methodsOf(space, input).filter(({ card }) => card !== undefined);
  if (methods.length === 0) throw new ControlError('the customer has no card', 409);
  for (const method of methods) {
    space.change('payment_method', method.id, 'payment_method.automatically_updated', (draft) => {
      if (!draft.card) return;
      draft.card.exp_month = date.getUTCMonth() + 1;
      draft.card.exp_year = date.getUTCFullYear();
    });
  }
  return { payment_methods: methods.map(({ id }) => id) };
}

/** From now on every charge of the customer's (or the subscription's) payment methods fails, or works again. */
function setFailing(space: Space, input: Input, failing: boolean): unknown {
  const methods = methodsOf(space, input);
  for (const method of methods) {
    space.update('payment_method', method.id, (draft) => {
      draft._emu.failing = failing;
      if (!failing && draft._emu.behavior !== 'succeeds') draft._emu.behavior = 'succeeds';
    });
  }
  return { customer: methods[0]?.customer, failing, payment_methods: methods.map(({ id }) => id) };
}

/** The payment methods of `customer`, or of the customer of `subscription`. */
function methodsOf(space: Space, input: Input) {
  const subscriptionId = text(input, 'subscription');
  const customer =
    text(input, 'customer') ??
    (subscriptionId ? space.get('subscription', subscriptionId, 'subscription').customer : undefined);
  if (customer === undefined) throw new ControlError('give `customer` or `subscription`');
  const methods = space.listBy('payment_method', 'customer', customer);
  if (methods.length === 0) throw new ControlError(`customer ${customer} has no payment method`, 409);
  return methods;
}
