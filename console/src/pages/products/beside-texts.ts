import type { NotBeside } from '@domain/offers-beside';
import type { Language } from '../../texts/texts';

/** What is said of what is offered beside a price; it comes with the price's page. */
const en = {
  label: 'Offered beside',
  title: 'Offered beside at Checkout',
  lead: 'Buyers can add these on the payment page with one click, and pay for all of it at once. Up to three; you can change them at any time.',
  none: 'No other product has a price that could be offered.',
  full: 'Three are chosen already.',
  saved: 'What is offered beside was changed.',
  because: {
    beside_itself: 'Only beside what is paid once.',
    included: 'The price gives this product anyway.',
    archived: 'It is archived.',
    not_once: 'Only what is paid once, at a fixed amount, can be offered.',
    seats: 'It has limited seats.',
    fixed_term: 'Its access ends after a fixed term.',
    date: 'Its access begins on a date.',
    bundle: 'It is a bundle.',
    currency: 'It is in another currency.',
    same_product: 'Another price of this product is chosen.',
  } satisfies Record<NotBeside, string>,
};

const de: typeof en = {
  label: 'Wird dazu angeboten',
  title: 'Beim Bezahlen dazu angeboten',
  lead: 'Käufer können das auf der Bezahlseite mit einem Klick dazunehmen und bezahlen alles zusammen. Höchstens drei; Sie können es jederzeit ändern.',
  none: 'Kein anderes Produkt hat einen Preis, der sich anbieten ließe.',
  full: 'Drei sind schon ausgewählt.',
  saved: 'Was dazu angeboten wird, wurde geändert.',
  because: {
    beside_itself: 'Nur zu etwas, das einmal bezahlt wird.',
    included: 'Dieses Produkt gibt der Preis schon.',
    archived: 'Er ist archiviert.',
    not_once: 'Anbieten lässt sich nur, was einmal und zu einem festen Betrag bezahlt wird.',
    seats: 'Die Plätze sind begrenzt.',
    fixed_term: 'Der Zugang endet nach einer festen Zeit.',
    date: 'Der Zugang beginnt an einem bestimmten Tag.',
    bundle: 'Es ist ein Paket.',
    currency: 'Der Preis ist in einer anderen Währung.',
    same_product: 'Ein anderer Preis dieses Produkts ist ausgewählt.',
  },
};

export const BESIDE: Record<Language, typeof en> = { en, de };
