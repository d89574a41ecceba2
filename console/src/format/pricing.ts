import { nextPayment } from '@domain/charges';
import type { PricingTerms } from '@domain/pricing';
import type { Price } from '../api/types';
import type { Texts } from '../texts/en';
import type { Format } from './create-format';

/** A price in words, and what a purchase at it looks like. Pure: the same for a price that is only being thought of. */

const DAY = 86_400_000;

/** The terms of a price as the rules of the domain have them. */
export function termsOfPrice(price: Price): PricingTerms {
  const { recurring, model, currency, unitAmount } = price;
  const { trialDays, setupFee, installments, minAmount, maxAmount, suggestedAmount } = price;
  const { accessDays, accessStartsAt, seats, promotionCodes, maxQuantity } = price;
  return {
    ...{
      model,
      currency,
      unitAmount,
      trialDays,
      setupFee,
      installments,
      minAmount,
      maxAmount,
      suggestedAmount,
    },
    ...{ accessDays, seats, promotionCodes, maxQuantity },
    accessStartsAt: accessStartsAt === null ? null : new Date(accessStartsAt),
    interval: (recurring?.interval ?? null) as PricingTerms['interval'],
    intervalCount: recurring?.intervalCount ?? null,
  };
}

/** `every month`, `every 2 weeks`; empty for what is paid once. */
export function rhythmInWords(
  { interval, intervalCount }: Pick<PricingTerms, 'interval' | 'intervalCount'>,
  { price }: Texts,
  format: Format,
): string {
  if (interval === null) return '';
  const { one, many } = price.words.rhythms[interval];
  const count = intervalCount ?? 1;
  return count === 1 ? one : many(format.number(count));
}

/** `€49.00 every month`, `6 payments of €99.00, every month`. */
export function priceInWords(terms: PricingTerms, texts: Texts, format: Format): string {
  const { words } = texts.price;
  const money = (amount: number) => format.money(amount, terms.currency);
  const rhythm = rhythmInWords(terms, texts, format);
  switch (terms.model) {
    case 'one_off':
      return words.once(money(terms.unitAmount));
    case 'recurring':
      return words.every(money(terms.unitAmount), rhythm);
    case 'installments':
      return words.installments(format.number(terms.installments ?? 0), money(terms.unitAmount), rhythm);
    case 'pay_what_you_want':
      return terms.maxAmount === null
        ? words.chooseFrom(money(terms.minAmount ?? 0))
        : words.chooseBetween(money(terms.minAmount ?? 0), money(terms.maxAmount));
    case 'free':
      return words.free;
  }
}

/** What a price has besides its amount: `7 days of free trial`, `20 seats`. */
export function optionsInWords(terms: PricingTerms, texts: Texts, format: Format): string[] {
  const { words } = texts.price;
  const counted = (count: number | null, text: (count: number, formatted: string) => string) =>
    count === null ? [] : [text(count, format.number(count))];
  return [
    ...counted(terms.trialDays, words.trial),
    ...(terms.setupFee === null ? [] : [words.setup(format.money(terms.setupFee, terms.currency))]),
    ...(terms.accessStartsAt === null ? [] : [words.begins(format.date(terms.accessStartsAt.toISOString()))]),
    ...counted(terms.accessDays, words.access),
    ...counted(terms.seats, words.seats),
    ...(terms.promotionCodes ? [words.codes] : []),
    ...(terms.maxQuantity > 1 ? [words.quantity(format.number(terms.maxQuantity))] : []),
  ];
}

export interface Preview {
  headline: string;
  lines: { label: string; text: string }[];
  notes: string[];
}

/** What a member sees and pays who buys now. */
export function previewOf(terms: PricingTerms, now: Date, texts: Texts, format: Format): Preview {
  const { preview } = texts.price;
  const lines = [
    { label: preview.today, text: paidToday(terms, texts, format) },
    ...paidLater(terms, now, texts, format).map((text) => ({ label: preview.then, text })),
    { label: preview.access, text: accessInWords(terms, now, texts, format) },
  ];
  const notes = [
    ...(terms.seats === null ? [] : [preview.seats(terms.seats, format.number(terms.seats))]),
    ...(terms.promotionCodes ? [preview.codes] : []),
    ...(terms.maxQuantity > 1 ? [preview.quantity(format.number(terms.maxQuantity))] : []),
  ];
  return { headline: priceInWords(terms, texts, format), lines, notes };
}

function paidToday(terms: PricingTerms, texts: Texts, format: Format): string {
  const { preview } = texts.price;
  const money = (amount: number) => format.money(amount, terms.currency);
  if (terms.model === 'free') return preview.nothing;
  if (terms.model === 'pay_what_you_want') return money(terms.suggestedAmount ?? terms.minAmount ?? 0);
  const first = terms.trialDays === null ? terms.unitAmount : 0;
  const setup = terms.setupFee ?? 0;
  const setupNote = setup === 0 ? '' : `, ${preview.setup(money(setup))}`;
  return first + setup === 0 ? preview.nothing : `${money(first + setup)}${setupNote}`;
}

function paidLater(terms: PricingTerms, now: Date, texts: Texts, format: Format): string[] {
  const { price } = texts;
  if (terms.model !== 'recurring' && terms.model !== 'installments') return [];
  const amount = format.money(terms.unitAmount, terms.currency);
  const rhythm = rhythmInWords(terms, texts, format);
  if (terms.model === 'installments') {
    const count = terms.installments ?? 0;
    const total = format.money(terms.unitAmount * count + (terms.setupFee ?? 0), terms.currency);
    // What is paid today is one of them; after a trial they are all ahead.
    const ahead =
      terms.trialDays === null
        ? price.preview.more(count - 1, format.number(count - 1), amount, rhythm)
        : price.words.installments(format.number(count), amount, rhythm);
    return [`${ahead}; ${price.preview.total(total)}`];
  }
  const first =
    terms.trialDays === null ? nextPayment(now, terms) : new Date(now.getTime() + terms.trialDays * DAY);
  return [`${price.words.every(amount, rhythm)}, ${price.preview.after(format.date(first.toISOString()))}`];
}

function accessInWords(terms: PricingTerms, now: Date, { price }: Texts, format: Format): string {
  const { preview } = price;
  const { model, accessDays, accessStartsAt } = terms;
  if (model === 'recurring') return preview.whilePaid;
  const begins = accessStartsAt !== null && accessStartsAt > now ? accessStartsAt : null;
  const from = begins === null ? '' : `${preview.from(format.date(begins.toISOString()))}, `;
  if (accessDays === null) return from + (model === 'installments' ? preview.whilePaying : preview.forever);
  const until = format.date(new Date((begins ?? now).getTime() + accessDays * DAY).toISOString());
  return from + (model === 'installments' ? preview.whilePayingUntil(until) : preview.until(until));
}
