import type { Language } from '../../texts/texts';

/** What is said where members are moved to another price; it comes with the page. */
const en = {
  title: 'Move members to another price',
  lead: 'Members who bought this price go on paying it until you move them.',
  to: 'New price',
  when: 'When does the new price count?',
  nextPeriod: 'From the next payment on',
  now: 'At once: the difference of the running period is charged or credited',
  start: 'Move members',
  starting: 'Starting …',
  confirmTitle: 'Move all members of this price?',
  confirmText: (price: string) => `Everyone who pays the old price will pay ${price}.`,
  progress: (done: string, all: string) =>
    all === '1' ? `${done} of 1 member moved` : `${done} of ${all} members moved`,
  status: {
    running: 'You may leave this page: it goes on by itself.',
    cancelling: 'Stopping …',
    done: 'Finished.',
    incomplete: 'Some could not be moved.',
    cancelled: 'It was stopped. Members who were moved stay moved.',
  },
  stop: 'Stop',
  retry: 'Try the others again',
  left: 'Left as they are',
  reasons: {
    membership_ended: 'The membership has ended.',
    membership_not_subscription: 'Bought once: nothing is charged again.',
    membership_in_installments: 'Pays in installments, which stay as they were bought.',
    scheduled_to_cancel: 'Cancelled for a date ahead.',
    membership_paused: 'Payments are paused. Resume the membership, then try again.',
    membership_payment_due: 'A payment is open. Once it is settled, try again.',
    disputed: 'A payment is disputed.',
    another_price: 'On another price by now.',
    quantity_not_sold: 'Has a larger quantity than the new price allows.',
  },
  noTarget: 'There is no other recurring price of this product on sale. Add one first.',
};

const de: typeof en = {
  title: 'Mitglieder auf einen anderen Preis umstellen',
  lead: 'Wer diesen Preis gekauft hat, zahlt ihn weiter, bis Sie umstellen.',
  to: 'Neuer Preis',
  when: 'Ab wann gilt der neue Preis?',
  nextPeriod: 'Ab der nächsten Zahlung',
  now: 'Sofort: Die Differenz des laufenden Zeitraums wird berechnet oder gutgeschrieben',
  start: 'Mitglieder umstellen',
  starting: 'Beginnt …',
  confirmTitle: 'Alle Mitglieder dieses Preises umstellen?',
  confirmText: (price) => `Alle, die den alten Preis zahlen, zahlen dann ${price}.`,
  progress: (done, all) => `${done} von ${all} ${all === '1' ? 'Mitglied' : 'Mitgliedern'} umgestellt`,
  status: {
    running: 'Sie können diese Seite verlassen: Es geht von selbst weiter.',
    cancelling: 'Wird angehalten …',
    done: 'Fertig.',
    incomplete: 'Einige konnten nicht umgestellt werden.',
    cancelled: 'Es wurde angehalten. Wer umgestellt ist, bleibt es.',
  },
  stop: 'Anhalten',
  retry: 'Die übrigen noch einmal versuchen',
  left: 'Unverändert geblieben',
  reasons: {
    membership_ended: 'Die Mitgliedschaft ist beendet.',
    membership_not_subscription: 'Einmalig gekauft: Es wird nichts mehr abgebucht.',
    membership_in_installments: 'Zahlt in Raten; sie bleiben, wie sie gekauft wurden.',
    scheduled_to_cancel: 'Zu einem späteren Tag gekündigt.',
    membership_paused: 'Die Zahlungen sind pausiert. Setzen Sie fort und versuchen Sie es noch einmal.',
    membership_payment_due: 'Eine Zahlung ist offen. Versuchen Sie es danach noch einmal.',
    disputed: 'Eine Zahlung ist angefochten.',
    another_price: 'Inzwischen auf einem anderen Preis.',
    quantity_not_sold: 'Hat eine größere Menge, als der neue Preis erlaubt.',
  },
  noTarget:
    'Kein anderer wiederkehrender Preis dieses Produkts ist im Verkauf. Fügen Sie zuerst einen hinzu.',
};

export const MOVE: Record<Language, typeof en> = { en, de };
