import type { Language } from '../../texts/texts';

/** What the form of a product says by itself; it comes with the form. */
const en = {
  features: 'What is included',
  featuresHint: 'One line each, up to 20. Buyers read it on the purchase page.',
  taxCode: 'Tax code',
  taxCodeHint:
    'For Stripe Tax: what kind of thing it is. Choose one or enter another of Stripe’s codes; without one your Stripe account’s own counts.',
  wrongTaxCode: 'Enter a code like txcd_20060045, or leave it empty.',
};

const de: typeof en = {
  features: 'Was enthalten ist',
  featuresHint: 'Je eine Zeile, höchstens 20. Käufer lesen es auf der Kaufseite.',
  taxCode: 'Steuercode',
  taxCodeHint:
    'Für Stripe Tax: um was für eine Leistung es sich handelt. Wählen Sie einen aus, oder geben Sie einen anderen von Stripe ein; ohne gilt der Ihres Stripe-Kontos.',
  wrongTaxCode: 'Geben Sie einen Code wie txcd_20060045 ein, oder lassen Sie es leer.',
};

export const PRODUCT_FORM: Record<Language, typeof en> = { en, de };
