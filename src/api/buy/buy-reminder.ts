import type { Request } from 'express';
import type { Db } from '../../db/client';
import type { Language } from '../../domain/language';
import { isSwitchedOn } from '../../domain/mails';
import { ProblemError } from '../../domain/problem';
import { reminderText } from '../../domain/reminder';
import { html } from '../../html';
import type { AskedReminder } from '../../store/checkout-reminder';
import type { Offer } from '../catalog/offered-price';
import type { ApiDeps } from '../deps';
import { email as emailAddress } from '../http/schemas';
import type { BuyWords } from './buy-words';
import type { SignedMember } from './member-token';

/** Being reminded once of a purchase that is not finished: what the purchase page asks, and what was answered. */
export interface ReminderForm {
  /** What is ticked. */
  text: string;
  language: Language;
  isTicked: boolean;
  /** The address of the member that the link names; null: it has to be typed. */
  known: string | null;
  /** What was typed before. */
  email: string;
}

/** What the page asks; null: the coach has not chosen that, nothing is paid, or nobody sends mails here. */
export async function reminderFormOf(
  { db, config }: ApiDeps,
  language: Language,
  { coachId, mode, model }: Offer,
): Promise<ReminderForm | null> {
  if (model === 'free' || config.mailServer === null) return null;
  const choices = await db.mailSettings.findUnique({ where: { coachId_mode: { coachId, mode } } });
  if (!isSwitchedOn('checkout_left', choices)) return null;
  return { text: reminderText(language), language, isTicked: false, known: null, email: '' };
}

/** The address that there is of the member whom the link names: nobody has to type it then. */
export async function knowAddress(
  db: Db,
  { coachId, mode }: Offer,
  member: SignedMember | null,
  reminder: ReminderForm | null,
): Promise<void> {
  if (reminder === null || member === null) return;
  const row = await db.member.findFirst({
    where: { coachId, mode, externalId: member.externalId },
    select: { email: true },
  });
  reminder.known = row?.email ?? member.email ?? null;
}

/** The box, which nobody has ticked for the buyer, and the address beside it. */
export const askReminder = (reminder: ReminderForm | null, words: BuyWords) =>
  reminder !== null &&
  html`<label
      ><input type="checkbox" name="remind" value="yes" ${reminder.isTicked && html` checked`} />${
        reminder.text
      }</label
    >${
      reminder.known === null &&
      html`<label for="remindEmail">${words.remindEmail}</label>
        <input
          id="remindEmail"
          name="remindEmail"
          type="email"
          autocomplete="email"
          maxlength="254"
          value="${reminder.email}"
        />`
    }`;

/** What was ticked and typed stays in the form. */
export function noteReminder(req: Request, reminder: ReminderForm | null): void {
  if (reminder === null) return;
  const { remind, remindEmail } = (req.body ?? {}) as { remind?: unknown; remindEmail?: unknown };
  reminder.isTicked = remind === 'yes';
  reminder.email = typeof remindEmail === 'string' ? remindEmail.trim().slice(0, 254) : '';
}

/**
 * Whether and where the buyer wants to be reminded; null: they do not, or nobody asks them. The way back is this page without the
 * member's token, which is for a click and soon over.
 * @throws ProblemError `invalid_request` where they want to be, and no address is there
 */
export function wantedReminder(
  req: Request,
  reminder: ReminderForm | null,
  publicUrl: string,
): AskedReminder | null {
  noteReminder(req, reminder);
  if (reminder?.isTicked !== true) return null;
  const parsed = emailAddress.safeParse(reminder.known ?? reminder.email);
  if (!parsed.success)
    throw new ProblemError('invalid_request', 'That is not an e-mail address.', { field: 'email' });
  const url = new URL(req.originalUrl, publicUrl);
  url.searchParams.delete('member');
  return { text: reminder.text, language: reminder.language, address: parsed.data, url: url.href };
}
