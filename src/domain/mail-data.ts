import type { Language } from './language';
import type { MailKind } from './mails';
import type { Role } from './permissions';
import type { Seconds } from './time';

/** What a mail says that is nowhere else: it is kept encrypted with the mail, and deleted once that has ended. */
export interface MailData {
  sign_in_link: {
    /** The link, with its secret. */
    url: string;
    /** The link is of no use from then on, and neither is the mail. */
    expiresAt: Seconds;
  };
  invited: {
    /** The page of the console to sign in at; it has no secret. */
    url: string;
    role: Role;
  };
  console_sign_in_link: {
    /** The link, with its secret. */
    url: string;
    /** The link is of no use from then on, and neither is the mail. */
    expiresAt: Seconds;
  };
  checkout_left: {
    /** The way back: our own purchase page. */
    url: string;
    /** A reminder is of no use from then on. */
    expiresAt: Seconds;
  };
  withdrawal_received: {
    receivedAt: Seconds;
    /** Who states it, in their own words; null: who is signed in. */
    name: string | null;
    /** What was withdrawn from, in the words of who did. */
    contract: string;
    /** By which it can be asked about. */
    reference: string;
  };
  withdrawal_done: {
    reference: string;
    outcome: 'refunded' | 'refunded_in_part' | 'nothing_to_refund' | 'declined';
    /** Minor units, what goes back; null: nothing does. */
    amount: number | null;
    currency: string | null;
    /** Why it was declined, in the coach's words; null: it was not, or nothing was said. */
    because: string | null;
  };
}

/** Kinds of mail that are asked for by whoever has something of their own to say. */
export type DataMailKind = keyof MailData & MailKind;

const DATA_KINDS = [
  'sign_in_link',
  'invited',
  'console_sign_in_link',
  'checkout_left',
  'withdrawal_received',
  'withdrawal_done',
] as const satisfies DataMailKind[];

/** Whether a kind of mail says something that is kept with the mail alone. */
export const saysMore = (kind: string): boolean => (DATA_KINDS as readonly string[]).includes(kind);

/** What is encrypted with a mail. */
export interface SealedMail<Kind extends DataMailKind = DataMailKind> {
  data: MailData[Kind];
  /** Another address than the member's: who withdraws says where the receipt goes. */
  to?: string;
  /** The language of who waits for it; left out: the coach's choice. */
  language?: Language;
}
