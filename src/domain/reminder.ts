import type { Language } from './language';
import type { MailReason } from './mails';
import { salesState, type SalesWindow } from './sales-window';
import { DAY, type Seconds } from './time';

/**
 * Being reminded of a purchase that was not finished: what the buyer asks for on the purchase page, and when there is nothing to
 * remind them of. Advertising by e-mail wants consent that is given beforehand, by a tick of one's own (decision record 0080).
 */

/** What the buyer ticks, as they read it and as it is stored. */
const TEXTS: Record<Language, string> = {
  en: 'Remind me once by e-mail if I do not finish this purchase. My address is used for nothing else.',
  de: 'Erinnern Sie mich einmal per E-Mail, wenn ich diesen Kauf nicht abschließe. Meine Adresse wird für nichts anderes verwendet.',
};

export const reminderText = (language: Language): string => TEXTS[language];

/** Seconds after which nobody is reminded any more: they have forgotten, or bought elsewhere. */
export const REMINDER_LIFETIME: Seconds = 3 * DAY;

/** What is known when the turn of a reminder has come. */
export interface LeftPurchase {
  /** The same buyer, by browser, member or address, has bought the product since, or has paid and the money is on its way. */
  hasBought: boolean;
  /** Somebody of that address has access to it, and it is nothing that one may have several of. */
  hasAccess: boolean;
  /** The same buyer is at it again. */
  isAtItAgain: boolean;
  price: SalesWindow & { status: string };
  /** The product, or another one that the price gives, is archived. */
  isArchived: boolean;
  /** The account is connected and may charge. */
  canCharge: boolean;
  /** A seat is left, or seats are not limited. */
  hasSeat: boolean;
}

/** Why there is nothing to remind a buyer of; null: there is. @param now seconds, UTC, on the account's clock */
export function whyNotRemind(left: LeftPurchase, now: Seconds): MailReason | null {
  if (left.hasBought || left.hasAccess) return 'bought';
  if (left.isAtItAgain) return 'over';
  const isSold =
    left.price.status === 'active' &&
    !left.isArchived &&
    left.canCharge &&
    left.hasSeat &&
    salesState(left.price, now) === 'on_sale';
  return isSold ? null : 'not_sold';
}
