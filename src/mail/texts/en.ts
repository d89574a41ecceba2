import type { Role } from '../../domain/permissions';
import type { MailTexts, MailView } from '../content';
import { aboutWithdrawal, partsIn, payOrLook, plain, rowsOf, withSold } from '../parts';

/** What an invitation says of a role. */
const ROLES: Record<Role, string> = {
  owner: 'do everything',
  finance: 'read everything, make refunds and decide withdrawals',
  support: 'read everything and look after members',
  read_only: 'read',
};

const { day, moment, money, priceOf, besideOf, givenBackOf, statedOf } = partsIn('en');

const untilOf = ({ until, renewsAt, trialEnd, beginsAt }: MailView): string =>
  beginsAt !== null
    ? `From ${moment(beginsAt)}`
    : trialEnd !== null
      ? `Free until ${day(trialEnd)}, then charged`
      : renewsAt !== null
        ? `Renews on ${day(renewsAt)}`
        : until === null
          ? 'Without an end'
          : `Until ${day(until)}`;

const WHY_ENDED: Record<string, string> = {
  grace_over: 'A renewal stayed unpaid. As soon as it is paid, your access comes back.',
  unpaid: 'A renewal stayed unpaid. As soon as it is paid, your access comes back.',
  refunded: 'Your payment was refunded.',
  disputed: 'The payment is disputed at your bank. Until the bank has decided there is no access.',
  dispute_lost: 'The payment was disputed at your bank, which decided for you.',
  fixed_term_over: 'The time that you paid for is over.',
  canceled: 'The subscription was cancelled. Nothing more is charged.',
  trial_ended_without_card: 'The free trial ended without a way to pay.',
};

/** What is to be done about a withdrawal, and by when. */
function withdrawalStands({ withdrawal }: MailView): string {
  if (withdrawal === null) return 'Look at it in the console.';
  const by = day(withdrawal.decideBy);
  switch (withdrawal.status) {
    case 'unproven':
      return withdrawal.isOverdue
        ? `It was stated without signing in, and nobody has confirmed it or decided by ${by}. Please see whether it is one of your members.`
        : `It was stated without signing in. It counts once the member confirms it, signed in, or you accept it. Please look at it by ${by}.`;
    case 'to_decide':
      return withdrawal.isOverdue
        ? `It waits for you since ${by}. What has to be paid back is late.`
        : `Please decide by ${by}. What is certainly a withdrawal is then paid back in full by itself, as the law gives you 14 days.`;
    case 'accepted':
    case 'done':
      return 'By your settings it counts at once: access ends, nothing more is charged, and there is nothing to do.';
    case 'refused':
      return 'You have refused it.';
    case 'failed':
      return 'The money could not go back. See what is in the way, your balance at Stripe for instance, and accept it again.';
  }
}

const withdrawalRows = ({ productName, memberName, withdrawal }: MailView) =>
  rowsOf(
    ['Product', productName],
    ['Member', memberName],
    ['Received', withdrawal === null ? null : moment(withdrawal.statedAt)],
    ['Goes back', withdrawal?.goesBack == null ? null : money(withdrawal.goesBack)],
    ['Code', withdrawal?.failureCode ?? null],
  );

/** The texts of the mails, in English. */
export const en: MailTexts = {
  testPrefix: '[Test] ',
  testNote: 'This is a test: no real money was involved.',
  sentBy: {
    member: (coachName) => `You get this mail because you are a customer of ${coachName}.`,
    coach: () =>
      'You get this mail because you sell with Session. Settings > E-mails in the console switches it off.',
    buyer: (coachName) =>
      `You get this mail because a reminder to this address was asked for on a purchase page of ${coachName}. If that was not you, there is nothing to do: it is the only one.`,
    person: (coachName) =>
      `You get this mail because ${coachName} has named your address as that of somebody who works for them.`,
  },
  unsubscribe: 'No more mails that are not needed',
  kinds: {
    bought: (v) => {
      const price = priceOf(v);
      return {
        subject: `${v.productName}: you are in`,
        preview:
          v.beginsAt === null
            ? `Your access to ${v.productName} is there.`
            : `Your access begins on ${moment(v.beginsAt)}.`,
        heading: `Welcome to ${v.productName}`,
        paragraphs: [
          v.beginsAt === null
            ? 'Thank you. Your access is there from now on.'
            : `Thank you. You have your place, and your access begins on ${moment(v.beginsAt)}.`,
        ],
        rows: [
          ['Product', v.productName],
          ...(price === null ? [] : [['Price', price] as [string, string]]),
          ...rowsOf(['Added', besideOf(v)]),
          ['Access', untilOf(v)],
        ],
        button: { label: 'See what you have', url: v.accountUrl },
        closing: [
          v.renewsAt === null
            ? 'Your page shows what you have, until when, and every payment with its receipt.'
            : 'You can cancel on your page at any time; your access then lasts to the end of what is paid.',
        ],
      };
    },
    access_begins: (v) => ({
      ...plain,
      subject: `${v.productName} begins`,
      preview: `From now on you have access to ${v.productName}.`,
      heading: `${v.productName} begins today`,
      paragraphs: ['The day is here: from now on you have access.'],
      rows: rowsOf(['Access', untilOf(v)]),
      button: { label: 'See what you have', url: v.accountUrl },
    }),
    renewal_failed: (v) => ({
      ...plain,
      subject: `Your payment for ${v.productName} failed`,
      preview: `${v.open === null ? 'A payment' : money(v.open)} could not be charged. Here is how to pay.`,
      heading: 'Your payment failed',
      paragraphs: [
        `The renewal of ${v.productName} could not be charged. Please pay it, or choose another card.`,
        v.beginsAt !== null
          ? `Your access begins on ${moment(v.beginsAt)}, once it is paid.`
          : !v.hasAccess
            ? 'Until then you have no access. As soon as it is paid, your access comes back.'
            : v.until === null
              ? 'Your access goes on for now.'
              : `Your access lasts until ${day(v.until)}. If nothing is paid by then, it stops.`,
      ],
      rows: [
        ...(v.open === null ? [] : [['Open', money(v.open)] as [string, string]]),
        ...(v.open?.nextAttemptAt == null
          ? []
          : [['Next try', `We try again by ourselves on ${day(v.open.nextAttemptAt)}`] as [string, string]]),
      ],
      button: { label: 'Pay now', url: v.open?.payUrl ?? v.accountUrl },
      closing: ['If you have paid meanwhile, there is nothing to do.'],
    }),
    trial_ends_soon: (v) => ({
      ...plain,
      subject: `Your free trial of ${v.productName} ends in three days`,
      preview: 'What is charged then, and how to cancel.',
      heading: 'Your free trial ends soon',
      paragraphs: [
        v.trialEnd === null
          ? `Your free trial of ${v.productName} ends in three days.`
          : `Your free trial of ${v.productName} ends on ${day(v.trialEnd)}. From then on it is charged.`,
        'If you do not want that, cancel before, on your page.',
      ],
      rows: rowsOf(['Then', priceOf(v)]),
      button: { label: 'To your page', url: v.accountUrl },
    }),
    renewal_soon: (v) => ({
      ...plain,
      subject: `${v.productName} renews in seven days`,
      preview: 'What is charged then, and how to cancel.',
      heading: 'Your subscription renews soon',
      paragraphs: [
        `Your year of ${v.productName} is over soon, and the next one begins.`,
        'If you do not want that, cancel before, on your page.',
      ],
      rows: rowsOf(['On', v.renewsAt === null ? null : day(v.renewsAt)], ['Charged', priceOf(v)]),
      button: { label: 'To your page', url: v.accountUrl },
    }),
    card_expires: (v) => {
      const last = v.cardExpiresAt === null ? null : day(v.cardExpiresAt - 1);
      return {
        ...plain,
        subject: `Your card for ${v.productName} expires soon`,
        preview: last === null ? 'Please give another one.' : `It is good until ${last}.`,
        heading: 'Your card expires soon',
        paragraphs: [
          last === null
            ? `The card that pays for ${v.productName} expires soon.`
            : `The card that pays for ${v.productName} is good until ${last}.`,
          'Please give another one on your page, so that the next payment goes through.',
        ],
        rows: rowsOf(['Next payment', v.renewsAt === null ? null : day(v.renewsAt)], ['Charged', priceOf(v)]),
        button: { label: 'Give another card', url: v.accountUrl },
        closing: ['If you have done so already, there is nothing to do.'],
      };
    },
    recovered: (v) => ({
      ...plain,
      subject: `Your payment for ${v.productName} has arrived`,
      preview: 'Everything is in order again.',
      heading: 'Thank you, it is paid',
      paragraphs: [
        `What was open for ${v.productName} is paid.${v.beginsAt === null ? ' Your access goes on.' : ''}`,
      ],
      rows: rowsOf(['Access', untilOf(v)]),
      button: { label: 'To your page', url: v.accountUrl },
    }),
    cancellation_noted: (v) => ({
      ...plain,
      subject: `Your cancellation of ${v.productName}`,
      preview: v.until === null ? 'Nothing more is charged.' : `Your access lasts until ${day(v.until)}.`,
      heading: 'Your cancellation is noted',
      paragraphs: [`You have cancelled ${v.productName}. Nothing more is charged.`],
      rows: rowsOf(['Access until', v.until === null ? null : day(v.until)]),
      button: { label: 'To your page', url: v.accountUrl },
      closing: ['If you change your mind, you can take it back on your page until then.'],
    }),
    access_ends_soon: (v) => ({
      ...plain,
      subject: `Your access to ${v.productName} ends tomorrow`,
      preview: v.until === null ? 'It ends tomorrow.' : `It ends on ${day(v.until)}.`,
      heading: 'Your access ends tomorrow',
      paragraphs: [
        v.until === null
          ? `Your access to ${v.productName} ends tomorrow.`
          : `Your access to ${v.productName} ends on ${moment(v.until)}.`,
      ],
      button: payOrLook(v, { pay: 'Pay now', look: 'To your page' }),
    }),
    refunded: (v) => ({
      ...plain,
      subject: `Refund for ${v.productName}`,
      preview: v.refund === null ? 'Money goes back to you.' : `${money(v.refund)} goes back to you.`,
      heading: 'Your refund is on its way',
      paragraphs: [
        `${v.coachName} refunds your payment for ${v.productName}. It arrives where you paid from, within ten days.`,
      ],
      rows: rowsOf(
        ['Refunded', v.refund === null ? null : money(v.refund)],
        ['Of', v.refund === null ? null : money({ amount: v.refund.of, currency: v.refund.currency })],
      ),
      button: { label: 'To your page', url: v.accountUrl },
    }),
    sale: (v) => ({
      ...plain,
      subject: v.isFirst ? `Your first sale: ${v.productName}` : `Sold: ${v.productName}`,
      preview: priceOf(v) ?? 'For free',
      heading: v.isFirst ? 'Congratulations, your first sale' : `You have sold ${v.productName}`,
      paragraphs: [],
      rows: rowsOf(
        ['Product', v.productName],
        ['Price', priceOf(v) ?? 'Free'],
        ['Added', besideOf(v)],
        ['To', v.memberName],
      ),
      button: { label: 'Open the console', url: v.consoleUrl },
    }),
    sales_of_the_day: (v) => ({
      ...plain,
      subject: v.day === null ? 'Your sales' : `Your sales of ${day(v.day.at)}`,
      preview: v.day === null ? '' : `${v.day.count} in all`,
      heading: 'Your sales of the day',
      paragraphs: [],
      rows: rowsOf(
        ['Day (UTC)', v.day === null ? null : day(v.day.at)],
        ['Sales', v.day === null ? null : String(v.day.count)],
        ['Payments, renewals too', v.day === null ? null : v.day.totals.map(money).join(', ') || '0'],
      ),
      button: { label: 'Open the console', url: v.consoleUrl },
    }),
    payment_failed: (v) => ({
      ...plain,
      subject: `A payment for ${v.productName} failed`,
      preview: 'The member was told how to pay.',
      heading: 'A renewal could not be charged',
      paragraphs: ['Stripe tries again by itself, and the member was told how to pay.'],
      rows: rowsOf(
        ['Product', v.productName],
        ['Member', v.memberName],
        ['Open', v.open === null ? null : money(v.open)],
        ['Next try', v.open?.nextAttemptAt == null ? null : day(v.open.nextAttemptAt)],
      ),
      button: { label: 'Open the console', url: v.consoleUrl },
    }),
    dispute: (v) => ({
      ...plain,
      subject: `A payment for ${v.productName} is disputed`,
      preview: v.evidenceDueAt === null ? 'Answer it at Stripe.' : `Answer it by ${day(v.evidenceDueAt)}.`,
      heading: 'A payment is disputed',
      paragraphs: [
        'The member has asked their bank for the money back. Answer in your Stripe Dashboard, under Payments > Disputes; without an answer the bank decides for the member.',
      ],
      rows: rowsOf(
        ['Product', v.productName],
        ['Member', v.memberName],
        ['Answer by', v.evidenceDueAt === null ? null : moment(v.evidenceDueAt)],
      ),
      button: { label: 'Open Stripe', url: 'https://dashboard.stripe.com/disputes' },
    }),
    account_restricted: (v) => ({
      ...plain,
      subject: 'Stripe does not accept payments for you at the moment',
      preview: 'Stripe wants something from you.',
      heading: 'You cannot sell at the moment',
      paragraphs: [
        'Stripe does not accept payments for your account. Mostly it wants to know something more: your Stripe Dashboard says what.',
      ],
      button: { label: 'See what is wrong', url: v.consoleUrl },
    }),
    endpoint_off: (v) => ({
      ...plain,
      subject: 'A receiver of your events was switched off',
      preview: 'It has failed for three days, or says that it is no more.',
      heading: 'Your site is told nothing any more',
      paragraphs: [
        'A receiver of your events has done nothing but fail for three days, or says that it is no more, and was switched off. What it misses can be told later.',
      ],
      button: { label: 'Open the console', url: v.consoleUrl },
    }),
    withdrawal_in: (v) => ({
      ...aboutWithdrawal(v, withdrawalStands(v), withdrawalRows(v), 'See the withdrawals'),
      subject: withSold('A withdrawal has come in', v),
      heading: 'Somebody has withdrawn',
    }),
    withdrawal_waits: (v) => ({
      ...aboutWithdrawal(v, withdrawalStands(v), withdrawalRows(v), 'Decide now'),
      subject:
        v.withdrawal?.status === 'failed'
          ? withSold('A withdrawal could not be carried out', v)
          : withSold('A withdrawal waits for your decision', v),
      heading:
        v.withdrawal?.status === 'failed'
          ? 'A withdrawal could not be carried out'
          : v.withdrawal?.isOverdue === true
            ? 'A withdrawal was not decided in time'
            : 'A withdrawal waits for you',
    }),
    event_parked: (v) => ({
      ...plain,
      subject: 'Something at Stripe could not be taken over',
      preview: 'Whoever runs this installation has been told as well.',
      heading: 'Something at Stripe could not be taken over',
      paragraphs: [
        'Stripe has told us of something in your account that we could not work on for a day. Nothing of it is lost, and whoever runs this installation has been told as well.',
        'Should a payment or the access of a member be missing, compare them with your Stripe Dashboard, and give access by hand until it is mended.',
      ],
      button: { label: 'Open the console', url: v.consoleUrl },
    }),
    access_ended: (v) => ({
      ...plain,
      subject: `Your access to ${v.productName} has ended`,
      preview: WHY_ENDED[v.reason ?? ''] ?? `Your access to ${v.productName} has ended.`,
      heading: 'Your access has ended',
      paragraphs: [
        `You have no access to ${v.productName} any more.`,
        ...(WHY_ENDED[v.reason ?? ''] === undefined ? [] : [WHY_ENDED[v.reason ?? ''] ?? '']),
      ],
      button: payOrLook(v, { pay: 'Pay now', look: 'See your page' }),
    }),
    gift: (v) => ({
      ...plain,
      subject: `${v.coachName} gives you ${v.productName}`,
      preview: `You have access to ${v.productName}, and nothing to pay.`,
      heading: `${v.productName} is yours`,
      paragraphs: [`${v.coachName} gives you access to ${v.productName}. There is nothing to pay.`],
      rows: [['Access', v.until === null ? 'Without an end' : `Until ${day(v.until)}`]],
      button: { label: 'See what you have', url: v.accountUrl },
    }),
    checkout_left: (v) => ({
      ...plain,
      subject: `Your reminder: ${v.productName}`,
      preview: 'You wanted to be reminded, should you not finish.',
      heading: 'You wanted to be reminded',
      paragraphs: [
        `You began to buy ${v.productName} and did not finish. Nothing was charged. If you still want it, you can go on here:`,
      ],
      rows: rowsOf(['Product', v.productName], ['Price', priceOf(v)]),
      button: { label: 'Back to the purchase', url: v.checkout_left?.url ?? v.accountUrl },
      closing: ['This is the only reminder. If you do not want it any more, there is nothing to do.'],
    }),
    sign_in_link: (v) => ({
      ...plain,
      subject: `Your link to sign in at ${v.coachName}`,
      preview: 'It works once, for 15 minutes.',
      heading: 'Sign in',
      paragraphs: ['With this link you are signed in. It works once, and for 15 minutes.'],
      button: { label: 'Sign in', url: v.sign_in_link?.url ?? v.accountUrl },
      closing: ['If you did not ask for it, you need not do anything: without the link nobody gets in.'],
    }),
    invited: (v) => ({
      ...plain,
      subject: `${v.coachName} invites you to their console`,
      preview: 'Sign in with this e-mail address.',
      heading: `Work with ${v.coachName}`,
      paragraphs: [
        `${v.coachName} has invited you to their console in Session. Sign in with the address that this mail was sent to: a link comes by e-mail each time.`,
      ],
      rows: v.invited === undefined ? [] : [['You may', ROLES[v.invited.role]]],
      button: { label: 'To the sign-in page', url: v.invited?.url ?? v.consoleUrl },
      closing: [`If you do not know ${v.coachName}, you need not do anything.`],
    }),
    console_sign_in_link: (v) => ({
      ...plain,
      subject: 'Your link to sign in to Session',
      preview: 'It works once, for 15 minutes.',
      heading: 'Sign in',
      paragraphs: ['With this link you are signed in to the console. It works once, and for 15 minutes.'],
      button: { label: 'Sign in', url: v.console_sign_in_link?.url ?? v.consoleUrl },
      closing: ['If you did not ask for it, you need not do anything: without the link nobody gets in.'],
    }),
    withdrawal_received: (v) => ({
      ...plain,
      subject: 'We have received your withdrawal',
      preview: 'With date and time, to keep.',
      heading: 'Your withdrawal has come in',
      paragraphs: ['This mail confirms that your withdrawal was received. Please keep it.'],
      rows: statedOf(v, {
        name: 'Name',
        contract: 'Contract',
        received: 'Received',
        reference: 'Reference',
      }),
      closing: ['You hear from us again when it has been worked on.'],
    }),
    withdrawal_done: (v) => {
      const done = v.withdrawal_done;
      const amount = givenBackOf(v);
      return {
        ...plain,
        subject: 'Your withdrawal is done',
        preview: amount === null ? 'What has come of it.' : `${amount} goes back to you.`,
        heading: 'Your withdrawal is done',
        paragraphs: [
          done?.outcome === 'declined'
            ? `${v.coachName} has not accepted the withdrawal. If you do not agree, please answer to this mail.`
            : 'The contract has ended, and nothing more is charged.',
          ...(amount === null
            ? []
            : [`${amount} goes back to the card or account that paid. That takes up to ten days.`]),
        ],
        rows: rowsOf(['Why', done?.because ?? null], ['Reference', done?.reference ?? '']),
      };
    },
  },
};
