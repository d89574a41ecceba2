import type { Language } from '../../texts/texts';

/** What the form of a price says by itself; it comes with the form. Amounts come in formatted. */
const en = {
  amountHint: (example: string) => `Numbers only, such as ${example}`,
  quantityHint: 'How many one member may buy at once. They choose it on the purchase page.',
  step: (unit: string) => `Stripe takes multiples of ${unit} in this currency.`,
  rhythm: {
    legend: 'How often is it paid?',
    named: {
      day: 'Every day',
      week: 'Every week',
      month: 'Every month',
      'month:3': 'Every 3 months',
      'month:6': 'Every 6 months',
      year: 'Every year',
    } as Record<string, string>,
    other: 'Another interval',
    unit: 'Days, weeks, months or years',
  },
  tax: {
    label: 'Tax',
    hint: 'Counts where Stripe works out the tax. It cannot be changed later.',
    account: 'As my Stripe account has it',
    inclusive: 'Part of the amount',
    exclusive: 'On top of the amount',
  },
  currencies: {
    label: 'Other currencies',
    hint: 'Buyers choose one on the purchase page and pay this amount. They cannot be changed later.',
    notWithFee: 'With a setup fee it is sold in one currency.',
    currency: 'Currency',
    amount: (code: string) => `Amount in ${code}`,
    add: 'Add a currency',
    remove: (code: string) => `Remove ${code}`,
  },
  bundle: {
    label: 'Also gives',
    hint: 'A bundle: who buys this has these products too, for as long. They cannot be changed later.',
    none: 'a product that is not there any more',
  },
  begins: {
    label: 'Access begins on',
    hint: 'For a programme with a date: who buys before has access from then on, who buys later at once. Days of access count from then. It cannot be changed later.',
  },
  beside: 'Offered beside',
  sales: {
    change: 'Sales period',
    title: 'When is it sold?',
    lead: 'Outside of it the purchase page says so. A payment page that is open at the end is closed; whoever has paid by then has bought.',
    from: 'First day',
    to: 'Last day',
    wrongOrder: 'Choose a day that is not before the first.',
    saved: 'The sales period was changed.',
    starts: 'Sales begin',
    ends: 'Sales end',
  },
  onlyFree: 'What is free needs no Stripe account: you can add it now.',
  toSeePreview: (field: string) => `To see the preview, complete “${field}”.`,
  /** What is wrong with an amount, whichever field it is in. */
  amounts: {
    grouped: (meant: string) => `Leave out the separator of the thousands: ${meant}`,
    more_than_a_number: (meant: string) =>
      `Enter the number alone: ${meant}. The currency is chosen beside it.`,
    too_many_decimals: (decimals: number, example: string) =>
      decimals === 0
        ? `This currency has no decimals. Enter a whole number without a separator, such as ${example}.`
        : `Enter ${decimals} decimals at most, and no separator of the thousands, such as ${example}.`,
    no_number: (example: string) => `Enter a number, such as ${example}.`,
    too_much: (most: string) => `One payment can be ${most} at most.`,
    too_small: (least: string) => `Stripe charges at least ${least} in this currency.`,
  },
  problems: {
    unitAmount: 'Enter an amount greater than zero.',
    interval: 'Say how often it is paid.',
    intervalCount: 'Enter a whole number; the longest interval is three years.',
    trialDays: 'Enter a whole number of days from 1 to 730, or leave it empty.',
    setupFee: 'Enter an amount greater than zero, or leave it empty.',
    installments: 'Enter a whole number of payments from 2 to 60.',
    minAmount: 'Say the least that may be paid.',
    maxAmount: 'Enter an amount that is not below the minimum, or leave it empty.',
    suggestedAmount: 'Enter an amount between the two, or leave it empty.',
    accessDays: 'Enter a whole number of days from 1 to 3650, or leave it empty.',
    accessStartsAt: 'Choose a day that is ahead, or leave it empty.',
    seats: 'Enter a whole number from 1 to 100000, or leave it empty.',
    maxQuantity: 'Enter a whole number from 1 to 999; a limited seat is sold one at a time.',
    currency: 'Choose a currency.',
    promotionCodes: 'Promotion codes need a fixed amount to reduce.',
    model: 'Choose how it is paid.',
    nickname: 'Shorten the note.',
  },
};

const de: typeof en = {
  amountHint: (example) => `Nur Zahlen, etwa ${example}`,
  quantityHint: 'Wie viele ein Mitglied auf einmal kaufen kann. Es wählt sie auf der Kaufseite.',
  step: (unit) => `Stripe nimmt in dieser Währung Vielfache von ${unit}.`,
  rhythm: {
    legend: 'Wie oft wird bezahlt?',
    named: {
      day: 'Jeden Tag',
      week: 'Jede Woche',
      month: 'Jeden Monat',
      'month:3': 'Alle 3 Monate',
      'month:6': 'Alle 6 Monate',
      year: 'Jedes Jahr',
    },
    other: 'Anders',
    unit: 'Tage, Wochen, Monate oder Jahre',
  },
  tax: {
    label: 'Steuer',
    hint: 'Zählt, wenn Stripe die Steuer berechnet. Später lässt es sich nicht ändern.',
    account: 'Wie in meinem Stripe-Konto',
    inclusive: 'Im Betrag enthalten',
    exclusive: 'Kommt zum Betrag hinzu',
  },
  currencies: {
    label: 'Weitere Währungen',
    hint: 'Käufer wählen auf der Kaufseite eine und bezahlen diesen Betrag. Später lassen sie sich nicht ändern.',
    notWithFee: 'Mit einer Einrichtungsgebühr wird in einer Währung verkauft.',
    currency: 'Währung',
    amount: (code) => `Betrag in ${code}`,
    add: 'Währung hinzufügen',
    remove: (code) => `${code} entfernen`,
  },
  bundle: {
    label: 'Gibt außerdem',
    hint: 'Ein Paket: Wer das kauft, hat ebenso lange auch diese Produkte. Später lassen sie sich nicht ändern.',
    none: 'ein Produkt, das es nicht mehr gibt',
  },
  begins: {
    label: 'Zugang beginnt am',
    hint: 'Für ein Programm mit Termin: Wer vorher kauft, hat ab dann Zugang, wer später kauft, sofort. Die Tage Zugang zählen ab dann. Später lässt es sich nicht ändern.',
  },
  beside: 'Wird dazu angeboten',
  sales: {
    change: 'Verkaufszeitraum',
    title: 'Wann wird es verkauft?',
    lead: 'Außerhalb davon sagt es die Kaufseite. Eine Bezahlseite, die am Ende offen ist, wird geschlossen; wer bis dahin bezahlt hat, hat gekauft.',
    from: 'Erster Tag',
    to: 'Letzter Tag',
    wrongOrder: 'Wählen Sie einen Tag, der nicht vor dem ersten liegt.',
    saved: 'Der Verkaufszeitraum wurde geändert.',
    starts: 'Verkauf ab',
    ends: 'Verkauf bis',
  },
  onlyFree: 'Was kostenlos ist, braucht kein Stripe-Konto: Das können Sie jetzt schon hinzufügen.',
  toSeePreview: (field) => `Füllen Sie „${field}“ aus, um die Vorschau zu sehen.`,
  amounts: {
    grouped: (meant) => `Lassen Sie die Trennzeichen der Tausender weg: ${meant}`,
    more_than_a_number: (meant) => `Geben Sie nur die Zahl ein: ${meant}. Die Währung wählen Sie daneben.`,
    too_many_decimals: (decimals, example) =>
      decimals === 0
        ? `Diese Währung hat keine Nachkommastellen. Geben Sie eine ganze Zahl ohne Trennzeichen ein, etwa ${example}.`
        : `Geben Sie höchstens ${decimals} Nachkommastellen und keine Trennzeichen der Tausender ein, etwa ${example}.`,
    no_number: (example) => `Geben Sie eine Zahl ein, etwa ${example}.`,
    too_much: (most) => `Eine Zahlung kann höchstens ${most} betragen.`,
    too_small: (least) => `Stripe bucht in dieser Währung mindestens ${least} ab.`,
  },
  problems: {
    unitAmount: 'Geben Sie einen Betrag über null ein.',
    interval: 'Wählen Sie, wie oft bezahlt wird.',
    intervalCount: 'Geben Sie eine ganze Zahl ein; höchstens drei Jahre.',
    trialDays: 'Geben Sie eine ganze Zahl von 1 bis 730 ein, oder lassen Sie es leer.',
    setupFee: 'Geben Sie einen Betrag über null ein, oder lassen Sie es leer.',
    installments: 'Geben Sie eine ganze Zahl von 2 bis 60 ein.',
    minAmount: 'Geben Sie ein, wie viel mindestens bezahlt wird.',
    maxAmount:
      'Geben Sie einen Betrag ein, der nicht unter dem Mindestbetrag liegt, oder lassen Sie es leer.',
    suggestedAmount: 'Geben Sie einen Betrag dazwischen ein, oder lassen Sie es leer.',
    accessDays: 'Geben Sie eine ganze Zahl von 1 bis 3650 ein, oder lassen Sie es leer.',
    accessStartsAt: 'Wählen Sie einen Tag, der vor Ihnen liegt, oder lassen Sie es leer.',
    seats: 'Geben Sie eine ganze Zahl von 1 bis 100000 ein, oder lassen Sie es leer.',
    maxQuantity: 'Geben Sie eine ganze Zahl von 1 bis 999 ein; ein begrenzter Platz wird einzeln verkauft.',
    currency: 'Wählen Sie eine Währung.',
    promotionCodes: 'Gutscheincodes brauchen einen festen Betrag.',
    model: 'Wählen Sie, wie bezahlt wird.',
    nickname: 'Kürzen Sie die Notiz.',
  },
};

export type PriceFormTexts = typeof en;
export const PRICE_FORM: Record<Language, PriceFormTexts> = { en, de };
