import type { DataMailKind, MailData } from '../domain/mail-data';
import type { MailKind } from '../domain/mails';
import type { Mode } from '../domain/mode';
import type { Rhythm } from '../domain/rhythm-words';
import type { Seconds } from '../domain/time';
import type { WithdrawalStatus } from '../domain/withdrawal';

/** An amount in minor units. */
export interface Money {
  amount: number;
  currency: string;
}

/** What the mails are about, without words: times in seconds (UTC), on the coach's clock. */
export interface MailSubject {
  mode: Mode;
  coachName: string;
  /** The member's own page with this coach. */
  accountUrl: string;
  productName: string;
  /** What was bought: each period's price, or the one price; null: nothing was paid. */
  price: (Money & Rhythm) | null;
  /** What was taken beside at Checkout. */
  beside: (Money & { productName: string })[];
  /** What is left to pay of the open invoice, and where. */
  open: (Money & { payUrl: string | null; nextAttemptAt: Seconds | null }) | null;
  /** Whether there is access at the moment. */
  hasAccess: boolean;
  /** When access begins that was bought for a date; null: it has begun, or none is to come. */
  beginsAt: Seconds | null;
  /** When access ends as things stand; null: without an end, or nobody knows. */
  until: Seconds | null;
  /** When the next period begins and is charged; null: none does. */
  renewsAt: Seconds | null;
  trialEnd: Seconds | null;
  /** What goes back of a payment, and what was paid. */
  refund: (Money & { of: number }) | null;
  /** Of a coach's mails: whose purchase it is; null: nobody is named. */
  memberName: string | null;
  /** It is the first sale that there was. */
  isFirst: boolean;
  /** Until when a dispute can be answered. */
  evidenceDueAt: Seconds | null;
  /** What was sold on a day, by currency. */
  day: { at: Seconds; count: number; totals: Money[] } | null;
  /** When the card that pays is good no more; null: nobody knows. */
  cardExpiresAt: Seconds | null;
  /** Of mails to the coach about a withdrawal: how it stands. */
  withdrawal: {
    status: WithdrawalStatus;
    statedAt: Seconds;
    /** By then the coach has to have decided. */
    decideBy: Seconds;
    isOverdue: boolean;
    /** What goes back; null: that is not decided. */
    goesBack: Money | null;
    failureCode: string | null;
  } | null;
  /** The page of the console that has more. */
  consoleUrl: string;
  /** Why a purchase has ended or stands still, one of the reasons of src/domain/membership-reasons.ts. */
  reason: string | null;
}

/** What is known for a mail: of the kinds that are asked for, their own data too. */
export type MailView = MailSubject & { [Kind in DataMailKind]?: MailData[Kind] };

/** What a mail says, in one language, before it has a form. */
export interface MailContent {
  subject: string;
  /** What a list of mails shows beside the subject. */
  preview: string;
  heading: string;
  paragraphs: string[];
  /** Labels with their values. */
  rows: [label: string, value: string][];
  button: { label: string; url: string } | null;
  /** Behind the button. */
  closing: string[];
}

/** Every text of the mails in one language. */
export interface MailTexts {
  kinds: Record<MailKind, (view: MailView) => MailContent>;
  /** Put before the subject where no real money is involved. */
  testPrefix: string;
  testNote: string;
  /** Who sends it, and why, by whom it is for. */
  sentBy: Record<'member' | 'coach' | 'person' | 'buyer', (coachName: string) => string>;
  unsubscribe: string;
}
