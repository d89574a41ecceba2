import type { Language } from '../../domain/language';

const en = {
  looksAgain: 'This page looks again by itself.',
  back: 'Back to the site',
  pending: {
    title: 'Your payment is on its way',
    text: 'Your order is complete. This way of paying takes a while, from minutes to some days; your access begins when the money arrives. Please do not pay again.',
  },
  checking: {
    title: 'Checking your payment',
    text: 'We are asking Stripe about your payment. This takes a few seconds.',
    notPaid: 'Not paid yet?',
    goOn: 'Go on to payment',
    giveUp: 'Go back to the site',
  },
  noPlace: {
    title: 'All places are taken',
    text: 'Your payment arrived when the last place was gone, so you get your money back in full. It can take some days until your bank shows it.',
  },
  review: {
    title: 'Your payment is being looked at',
    text: 'Something about it needs a person’s eye. The seller has been told and will get back to you; please do not pay again.',
  },
  unknown: {
    title: 'Not found',
    heading: 'This purchase is not known',
    text: 'Go back to the site where you started it.',
  },
};

/** What a member reads who comes back from Stripe's page. */
export type ReturnWords = typeof en;

const de: ReturnWords = {
  looksAgain: 'Diese Seite sieht von selbst wieder nach.',
  back: 'Zurück zur Website',
  pending: {
    title: 'Ihre Zahlung ist unterwegs',
    text: 'Ihre Bestellung ist abgeschlossen. Diese Zahlungsart dauert eine Weile, von Minuten bis zu einigen Tagen; Ihr Zugang beginnt, wenn das Geld da ist. Bitte bezahlen Sie nicht noch einmal.',
  },
  checking: {
    title: 'Ihre Zahlung wird geprüft',
    text: 'Wir fragen Stripe nach Ihrer Zahlung. Das dauert ein paar Sekunden.',
    notPaid: 'Noch nicht bezahlt?',
    goOn: 'Weiter zur Zahlung',
    giveUp: 'Zurück zur Website',
  },
  noPlace: {
    title: 'Alle Plätze sind vergeben',
    text: 'Als Ihre Zahlung ankam, war der letzte Platz schon vergeben. Sie erhalten Ihr Geld vollständig zurück; bis es auf Ihrem Konto ist, kann es einige Tage dauern.',
  },
  review: {
    title: 'Ihre Zahlung wird angesehen',
    text: 'Daran muss ein Mensch etwas ansehen. Der Anbieter weiß davon und meldet sich bei Ihnen; bitte bezahlen Sie nicht noch einmal.',
  },
  unknown: {
    title: 'Nicht gefunden',
    heading: 'Diesen Kauf gibt es nicht',
    text: 'Gehen Sie zu der Website zurück, auf der Sie begonnen haben.',
  },
};

const WORDS: Readonly<Record<Language, ReturnWords>> = { en, de };

export const returnWordsIn = (language: Language): ReturnWords => WORDS[language];
