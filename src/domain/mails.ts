/**
 * Every mail that there is, by kind: who gets it, and what it is about. Which fact asks for which is in the database
 * (prisma/migrations, `mails_of`); whether one is still true when its turn comes, in src/domain/mail-truth.ts.
 *
 * `needed`: the contract or the law needs it, so it cannot be unsubscribed from. `asked`: somebody waits for it this moment; it
 * cannot be switched off, and goes also where mails have bounced. `chosen`: it is sent only where the coach has chosen so.
 */
export const MAILS = {
  bought: {
    to: 'member',
    needed: true,
    about: 'What was bought, until when, how to get in and how to cancel',
  },
  renewal_failed: {
    to: 'member',
    needed: true,
    about: 'A charge of a renewal failed: how to pay, and what happens when',
  },
  trial_ends_soon: {
    to: 'member',
    needed: true,
    about: 'The free trial ends in three days, and what is charged then',
  },
  renewal_soon: {
    to: 'member',
    needed: true,
    about: 'A year is over in seven days, and the next is charged',
  },
  access_begins: {
    to: 'member',
    needed: false,
    about: 'Access begins today, as it was bought for this date',
  },
  card_expires: {
    to: 'member',
    needed: false,
    about: 'The card that pays for a subscription is good for two more weeks',
  },
  recovered: { to: 'member', needed: false, about: 'What was unpaid is paid' },
  cancellation_noted: { to: 'member', needed: true, about: 'A cancellation, and until when access lasts' },
  access_ends_soon: { to: 'member', needed: false, about: 'Access ends tomorrow' },
  refunded: { to: 'member', needed: true, about: 'Money goes back' },
  access_ended: { to: 'member', needed: true, about: 'Access has ended' },
  gift: { to: 'member', needed: false, about: 'The coach gives access to a product' },
  checkout_left: {
    to: 'member',
    needed: false,
    chosen: true,
    about: 'A purchase was not finished, and the buyer has asked to be reminded once',
  },
  sale: { to: 'coach', needed: true, about: 'Somebody has bought; the first says that it is' },
  sales_of_the_day: { to: 'coach', needed: true, about: 'What was sold on a day, the morning after' },
  payment_failed: { to: 'coach', needed: true, about: 'A charge of a renewal failed' },
  dispute: { to: 'coach', needed: true, about: 'A payment is disputed, and until when it can be answered' },
  account_restricted: { to: 'coach', needed: true, about: 'Stripe accepts no payments for the account' },
  withdrawal_in: { to: 'coach', needed: true, about: 'Somebody has withdrawn, and what follows by when' },
  withdrawal_waits: {
    to: 'coach',
    needed: true,
    about: 'A withdrawal has to be decided soon, was not in time, or could not be carried out',
  },
  event_parked: {
    to: 'coach',
    needed: true,
    about: 'Something that Stripe has told could not be worked on; once a day at most',
  },
  endpoint_off: { to: 'coach', needed: true, about: 'A receiver of events was switched off, as it failed' },
  sign_in_link: {
    to: 'member',
    needed: true,
    asked: true,
    about: 'A link that signs in to the page of the member',
  },
  invited: {
    to: 'person',
    needed: true,
    asked: true,
    about: 'Somebody is invited to the console',
  },
  console_sign_in_link: {
    to: 'person',
    needed: true,
    asked: true,
    about: 'A link that signs in to the console',
  },
  withdrawal_received: {
    to: 'member',
    needed: true,
    asked: true,
    about: 'A withdrawal has come in, with its date and time',
  },
  withdrawal_done: { to: 'member', needed: true, asked: true, about: 'What has come of a withdrawal' },
} as const satisfies Record<string, MailTerms>;

/** What is fixed about a kind of mail. */
export interface MailTerms {
  /** `person`: who works for the coach, or is asked to. */
  to: 'member' | 'coach' | 'person';
  needed: boolean;
  asked?: true;
  chosen?: true;
  about: string;
}

export type MailKind = keyof typeof MAILS;

export const MAIL_KINDS = Object.keys(MAILS) as [MailKind, ...MailKind[]];

export const termsOfMail = (kind: MailKind): MailTerms => MAILS[kind];

/** Whether it is sent only where the coach has chosen so. */
export const isChosenMail = (kind: MailKind): boolean => termsOfMail(kind).chosen === true;
/** Whether a coach can have it not sent: somebody waits for the others this moment. */
export const isStoppableMail = (kind: MailKind): boolean => termsOfMail(kind).asked !== true;

/** Whether a coach has a kind of mail sent. @param choices what they have said of kinds; null: nothing */
export function isSwitchedOn(
  kind: MailKind,
  choices: { on: readonly string[]; off: readonly string[] } | null,
): boolean {
  return isChosenMail(kind) ? choices?.on.includes(kind) === true : choices?.off.includes(kind) !== true;
}

export const isMailKind = (kind: string): kind is MailKind => Object.hasOwn(MAILS, kind);

/** Why a mail was not sent, or not for certain: stable codes, with their words. */
export const MAIL_REASONS = {
  mails_off: 'This installation sends no mails.',
  switched_off: 'This kind of mail is switched off.',
  no_address: 'There is no address to send it to.',
  unsubscribed: 'The member does not want mails that the contract does not need.',
  bounced: 'The mail server says that there is no such address; nothing more is sent to it.',
  erased: 'The member was erased.',
  recovered: 'It was paid meanwhile.',
  superseded: 'A newer mail says it better.',
  over: 'What it is about is over.',
  has_access: 'The member has access again.',
  bought: 'It was bought meanwhile, or there is access already.',
  not_sold: 'It is not sold any more, or cannot be sold at the moment.',
  too_late: 'It would have come too late to be of use.',
  gone: 'What it is about is no more.',
  refused: 'The mail server refused it.',
  gave_up: 'The mail server could not take it for three days.',
  unreadable: 'What it says was encrypted with another key (ENCRYPTION_KEY) and cannot be read.',
  not_made: 'It could not be put into words; the log says what went wrong.',
  no_answer: 'It was handed over, and no answer came: it may have arrived.',
} as const;

export type MailReason = keyof typeof MAIL_REASONS;
