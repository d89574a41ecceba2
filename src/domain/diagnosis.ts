import type { AccountFacts } from './connection';
import { dueNow, inWords } from './requirements';
import { selling } from './selling';
import type { DiagnosisFacts } from './diagnosis-facts';
import { webhookFindings } from './diagnosis-webhooks';
import { mailFindings } from './diagnosis-mails';
import { type Finding, finding, type FindingStatus, type Said, unknown } from './finding';
import { isoTime, toDate } from './time';

/**
 * What is wrong, said by looking: facts about one coach's connection in one mode → findings, in the rows of the help
 * page's troubleshooting table. Pure; the facts are collected in src/api/connection/diagnosis-facts.ts.
 */

export interface Diagnosis {
  overall: FindingStatus;
  findings: Finding[];
}

const GRAVITY: FindingStatus[] = ['problem', 'attention', 'unknown', 'ok'];

/** Everything that was looked at, in the order of the help page's table; the gravest finding speaks for all. */
export function diagnose(facts: DiagnosisFacts): Diagnosis {
  const findings = [
    ...connectionFindings(facts),
    ...catalogFindings(facts),
    ...webhookFindings(facts),
    ...currencyFindings(facts),
    ...mailFindings(facts),
  ];
  const overall = GRAVITY.find((status) => findings.some((finding) => finding.status === status)) ?? 'ok';
  return { overall, findings };
}

function connectionFindings(facts: DiagnosisFacts): Finding[] {
  const { account } = facts;
  const link = linkFinding(facts);
  if (account === null || account === 'gone') return [link, controlFinding(facts)];
  if (account === 'unreachable') return [link, unknown('connection', 'account', 'The state of the account')];
  return [
    link,
    verificationFinding(facts, account),
    ...abilityFindings(facts, account),
    checkoutFinding(account.accountName),
    ...taxFindings(facts.taxMissing),
    controlFinding(facts),
  ];
}

/** Is there a link to an account, and does it hold at Stripe? */
function linkFinding({ connection, account, mode }: DiagnosisFacts): Finding {
  const say = (said: Said) => finding('connection', 'link', said);
  const { reason, todo } = selling(connection);
  if (account === 'gone')
    return say({
      status: 'problem',
      title: 'The link was removed at Stripe',
      detail: `Stripe does not let Session read the account ${connection?.accountId ?? ''} any more: the access was taken back there.`,
      todo: 'Connect again: POST /v1/connection.',
    });
  if (connection?.status === 'connected')
    return say({
      status: 'ok',
      title: 'A Stripe account is connected',
      detail: `${connection.accountId ?? ''} is connected in ${mode} mode.`,
    });
  const hasFailed = connection?.status === 'failed' || connection?.endReason === 'deauthorized_at_stripe';
  return say({
    status: hasFailed ? 'problem' : 'attention',
    title: 'No Stripe account is connected',
    detail: reason,
    todo,
  });
}

/** "Check you completed Stripe's verification." */
function verificationFinding(facts: DiagnosisFacts, account: AccountFacts): Finding {
  const say = (said: Said) => finding('connection', 'verification', said);
  const { requirements } = account;
  const due = dueNow(requirements);
  const fix =
    facts.connection?.flow === 'account_links'
      ? 'Give it to Stripe: POST /v1/connection answers the way into Stripe’s form.'
      : 'Give it to Stripe in your Stripe Dashboard.';
  if (due.length > 0) {
    const { currentDeadline, pastDue } = requirements;
    const until = currentDeadline === null ? '' : ` It is due by ${isoTime(toDate(currentDeadline))}.`;
    return say({
      status: pastDue.length > 0 || !account.chargesEnabled ? 'problem' : 'attention',
      title: 'Stripe still wants something',
      detail: `Stripe wants: ${inWords(due)}.${until}`,
      todo: fix,
    });
  }
  if (requirements.pendingVerification.length > 0)
    return say({
      status: 'attention',
      title: 'Stripe is checking',
      detail: `Stripe is still checking: ${inWords(requirements.pendingVerification)}.`,
      todo: 'Wait for Stripe; this page follows by itself.',
    });
  return say({
    status: 'ok',
    title: 'The verification is complete',
    detail:
      requirements.eventuallyDue.length === 0
        ? 'Stripe wants nothing more.'
        : `Nothing is due now; one day Stripe will want: ${inWords(requirements.eventuallyDue)}.`,
  });
}

/** What the account may do, as Stripe says now. */
function abilityFindings(facts: DiagnosisFacts, account: AccountFacts): Finding[] {
  const { chargesEnabled, payoutsEnabled, requirements } = account;
  const flow = facts.connection?.flow ?? 'oauth';
  const sale = selling({ status: 'connected', flow, chargesEnabled, requirements, endReason: null });
  return [
    finding('connection', 'charges', {
      status: chargesEnabled ? 'ok' : 'problem',
      title: chargesEnabled ? 'Stripe accepts payments' : 'Stripe does not accept payments',
      detail: sale.reason,
      todo: chargesEnabled ? null : sale.todo,
    }),
    finding('connection', 'payouts', {
      status: payoutsEnabled ? 'ok' : 'attention',
      title: payoutsEnabled ? 'Stripe pays out' : 'Stripe does not pay out',
      detail: payoutsEnabled
        ? 'What is earned is paid out to the bank account.'
        : 'Members can pay, if payments are accepted, but the money stays at Stripe for now.',
      todo: payoutsEnabled ? null : 'Look in your Stripe Dashboard at what payouts wait for.',
    }),
  ];
}

/** Checkout shows who sells: https://docs.stripe.com/payments/checkout/customization/appearance */
function checkoutFinding(businessName: string | null): Finding {
  const say = (said: Said) => finding('connection', 'checkout', said);
  if (businessName !== null)
    return say({
      status: 'ok',
      title: 'Checkout knows who sells',
      detail: `Buyers see ${businessName} on Stripe’s page.`,
    });
  return say({
    status: 'problem',
    title: 'The business has no name',
    detail: 'Stripe opens no payment page for an account without a business name: nobody can buy.',
    todo: 'Give your business a name in your Stripe Dashboard, under Settings, Business, Account details.',
  });
}

/** Where the coach has tax worked out: can Stripe Tax do it? https://docs.stripe.com/tax/settings-api */
function taxFindings(missing: DiagnosisFacts['taxMissing']): Finding[] {
  if (missing === null) return [];
  if (missing === 'unreachable') return [unknown('connection', 'tax', 'The settings of Stripe Tax')];
  const say = (said: Said) => [finding('connection', 'tax', said)];
  if (missing.length === 0)
    return say({
      status: 'ok',
      title: 'Stripe Tax is set up',
      detail: 'Stripe works out the tax of each purchase.',
    });
  const wants = inWords(missing);
  return say({
    status: 'problem',
    title: 'Stripe Tax is not set up',
    detail: `Tax is to be worked out, and Stripe Tax still wants: ${wants}. Until then Stripe opens no payment page: nobody can buy.`,
    todo: 'Set Stripe Tax up in your Stripe Dashboard, or switch automatic tax off (PATCH /v1/settings).',
  });
}

/** Whose account it is, and which ones cannot be attached. https://docs.stripe.com/connect/oauth-changes-for-standard-platforms */
function controlFinding({ connection, account }: DiagnosisFacts): Finding {
  const say = (said: Said) => finding('connection', 'control', said);
  if (account !== null && typeof account === 'object' && account.platformControlled)
    return say({
      status: 'ok',
      title: 'The account was created here',
      detail:
        'Session administers the link. After disconnecting, the account is yours alone; connecting again then creates another, or takes it by OAuth.',
    });
  const isConnected = account !== null && typeof account === 'object';
  const tried = connection !== null && connection.flow === 'oauth' && !isConnected;
  return say({
    status: tried ? 'attention' : 'ok',
    title: tried ? 'Some accounts cannot be connected' : 'The account is free to be connected',
    detail: tried
      ? 'An account that another platform created and controls cannot be connected here: on its page, Stripe offers to create a separate one instead.'
      : isConnected
        ? 'No other platform controls the account.'
        : 'Nothing is known to stand in the way of a connection.',
    todo: tried ? 'Choose another account on Stripe’s page, or let Stripe create one there.' : null,
  });
}

/** What the coach archived or deleted in their Dashboard cannot be bought; said only where there is something. */
function catalogFindings({ offSale = [] }: DiagnosisFacts): Finding[] {
  if (offSale.length === 0) return [];
  const named = offSale.slice(0, MAX_NAMED).map(({ name, why }) => `${name}: ${why}`);
  const more = offSale.length - named.length;
  return [
    finding('connection', 'catalog', {
      status: 'problem',
      title: 'Prices that are off sale at Stripe',
      detail: `${named.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`,
      todo: 'Put it on sale again (POST /v1/prices/{id}/retry, or Try again on the page of the price), or archive it here as well.',
    }),
  ];
}

/** "Set default currency in your Stripe account." */
function currencyFindings({ defaultCurrency, foreignPrices, account }: DiagnosisFacts): Finding[] {
  const say = (said: Said) => finding('currency', 'default', said);
  if (defaultCurrency === null) {
    if (account === 'unreachable') return [unknown('currency', 'default', 'The default currency')];
    return [
      say({
        status: account === null || account === 'gone' ? 'ok' : 'attention',
        title: 'No default currency is known',
        detail: 'A price is made in the currency that it names.',
        todo: 'Name the currency of each price, or set the default currency in your Stripe account.',
      }),
    ];
  }
  const own = defaultCurrency.toUpperCase();
  if (foreignPrices.length === 0)
    return [
      say({
        status: 'ok',
        title: 'One currency',
        detail: `Every active price is in ${own}, the account’s own.`,
      }),
    ];
  const named = foreignPrices
    .slice(0, MAX_NAMED)
    .map(({ name, currency }) => `${name} (${currency.toUpperCase()})`);
  const more = foreignPrices.length - named.length;
  return [
    say({
      status: 'attention',
      title: 'Prices in another currency',
      detail: `The account’s default currency is ${own}, and these prices are in another one: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}. Stripe converts what is paid, for a fee.`,
      todo: 'If that is not meant: replace the price (POST /v1/prices/{id}/replace), or set the default currency in your Stripe account.',
    }),
  ];
}

const MAX_NAMED = 5;
