import type { Language } from '../domain/language';
import { rhythmInWords } from '../domain/rhythm-words';
import type { MailContent, MailView } from './content';
import { inWords } from './in-words';

/** A mail without rows, button or closing. */
export const plain = { rows: [], button: null, closing: [] } satisfies Partial<MailContent>;

/** What the coach is told of a withdrawal: how it stands, and where it is decided. */
export const aboutWithdrawal = (v: MailView, stands: string, rows: MailContent['rows'], label: string) => ({
  ...plain,
  preview: stands,
  paragraphs: [stands],
  rows,
  button: { label, url: `${v.consoleUrl}/${v.mode}/withdrawals` },
});

/** Those that have a value. */
export const rowsOf = (...rows: [label: string, value: string | null][]) =>
  rows.filter((row): row is [string, string] => row[1] !== null && row[1] !== '');

/** With what was sold behind the words, where that is known. */
export const withSold = (words: string, { productName }: MailView) =>
  productName === '' ? words : `${words}: ${productName}`;

/** What the mails of a language are put together from. */
export function partsIn(language: Language) {
  const { day, moment, money } = inWords(language);
  return {
    day,
    moment,
    money,

    /** `€49.00 every month`; null: nothing was paid. */
    priceOf({ price }: MailView): string | null {
      if (price === null) return null;
      return price.interval === null ? money(price) : `${money(price)} ${rhythmInWords(language, price)}`;
    },

    /** `Workbook: €9.00`; null: nothing was taken beside. */
    besideOf({ beside }: MailView): string | null {
      if (beside.length === 0) return null;
      return beside.map((taken) => `${taken.productName}: ${money(taken)}`).join(', ');
    },

    /** What goes back of a withdrawn payment; null: nothing does. */
    givenBackOf({ withdrawal_done: done }: MailView): string | null {
      if (done?.amount == null || done.currency === null) return null;
      return money({ amount: done.amount, currency: done.currency });
    },

    /** What was stated, as the receipt of it shows it. */
    statedOf(
      { withdrawal_received: stated }: MailView,
      labels: Record<'name' | 'contract' | 'received' | 'reference', string>,
    ) {
      return rowsOf(
        [labels.name, stated?.name ?? null],
        [labels.contract, stated?.contract ?? ''],
        [labels.received, moment(stated?.receivedAt ?? 0)],
        [labels.reference, stated?.reference ?? ''],
      );
    },
  };
}

/** Where an open invoice is paid; where there is none, the member's own page. */
export const payOrLook = (
  { open, accountUrl }: MailView,
  labels: { pay: string; look: string },
): MailContent['button'] =>
  open?.payUrl == null ? { label: labels.look, url: accountUrl } : { label: labels.pay, url: open.payUrl };
