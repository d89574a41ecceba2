import type { BuyWords } from './buy-words';

export const GERMAN: BuyWords = {
  testMode: 'Testmodus',
  refused: {
    not_connected: 'Zahlungen sind hier zurzeit nicht eingerichtet.',
    mode_off: 'Zahlungen sind hier zurzeit nicht eingerichtet.',
    charges_not_enabled: 'Zahlungen sind noch nicht möglich: Der Anbieter muss erst geprüft werden.',
    price_not_active: 'Dieser Preis wird gerade eingerichtet. Bitte versuchen Sie es gleich noch einmal.',
    product_archived: 'Das wird nicht mehr verkauft.',
    already_subscribed: 'Sie haben das schon abonniert. Es gibt nichts zu kaufen.',
    payment_open:
      'Sie haben das schon abonniert, und eine Zahlung ist offen. Bezahlen Sie sie, dann haben Sie wieder Zugang; bitte kaufen Sie es nicht noch einmal.',
    amount_too_small: 'Das kostet weniger, als hier bezahlt werden kann. Bitte sagen Sie es dem Anbieter.',
    already_owned: 'Das gehört Ihnen schon. Es gibt nichts zu bezahlen.',
    checkout_in_progress: 'Sie haben das schon bestellt; Ihre Zahlung ist noch unterwegs.',
    redirect_not_allowed:
      'Dieser Link führt zu einer Adresse zurück, die nicht eingetragen ist. Bitte sagen Sie es dem Anbieter.',
    rate_limited: 'Das war zu oft. Bitte warten Sie einen Moment und versuchen Sie es dann noch einmal.',
    member_token_invalid:
      'Dieser Link gilt nicht mehr. Bitte gehen Sie zur Website zurück und klicken Sie noch einmal auf den Knopf.',
    member_token_outdated: 'Dieser Link kann nicht mehr benutzt werden. Bitte sagen Sie es dem Anbieter.',
    invalid_request:
      'Dieser Link ist nicht vollständig. Bitte gehen Sie zur Website zurück und klicken Sie noch einmal auf den Knopf.',
    sold_out:
      'Zurzeit sind alle Plätze vergeben. Vielleicht wird einer frei: Bitte sehen Sie später noch einmal nach.',
    too_many_holds:
      'Sie haben schon mehrere begrenzte Plätze zu kaufen begonnen. Bitte schließen Sie zuerst einen davon ab.',
    free_already_had:
      'Das hatten Sie schon. Bitte fragen Sie den Anbieter, wenn Sie es noch einmal brauchen.',
    stripe_refused: 'Die Bezahlseite konnte nicht geöffnet werden. Bitte sagen Sie es dem Anbieter.',
  },
  later:
    'Die Bezahlseite kann gerade nicht geöffnet werden. Bitte versuchen Sie es in einer Minute noch einmal.',
  tooSmall: (least) =>
    `Das kostet weniger, als hier bezahlt werden kann: mindestens ${least}. Bitte sagen Sie es dem Anbieter.`,
  leastWithCode: (least) => `Mit einem Gutscheincode bleibt nichts zu zahlen, oder mindestens ${least}.`,
  placesLeft: (count) => (count === 1 ? 'Ein Platz ist noch frei.' : `${count} Plätze sind noch frei.`),
  notYet: (from) => `Der Verkauf beginnt am ${from}. Bitte kommen Sie dann wieder.`,
  over: (since) => `Der Verkauf endete am ${since}.`,
  noLongerSold: 'Zu diesem Preis wird nicht mehr verkauft.',
  wrong: {
    email: 'Bitte prüfen Sie die E-Mail-Adresse.',
    consent: 'Bitte setzen Sie das Häkchen, um fortzufahren.',
    quantity: (most) => `Bitte geben Sie eine Menge von 1 bis ${most} ein.`,
  },
  code: 'Gutscheincode (falls vorhanden)',
  wrongCode: {
    not_active: 'Dieser Gutscheincode ist nicht gültig. Prüfen Sie ihn, oder fahren Sie ohne ihn fort.',
    expired: 'Dieser Gutscheincode ist abgelaufen.',
    used_up: 'Dieser Gutscheincode wurde schon so oft eingelöst, wie es möglich ist.',
    other_product: 'Dieser Gutscheincode gilt für etwas anderes.',
    other_currency: 'Dieser Gutscheincode gilt für eine andere Währung.',
    below_minimum: 'Der Mindestbetrag für diesen Gutscheincode ist nicht erreicht.',
    for_members:
      'Dieser Gutscheincode ist für Mitglieder: Kommen Sie über den Link der Website, auf der Sie angemeldet sind.',
    not_first_purchase:
      'Dieser Gutscheincode gilt nur für den ersten Kauf, und Sie haben hier schon etwas gekauft.',
    used_before: 'Sie haben diesen Gutscheincode schon eingelöst. Er gilt nur einmal.',
    not_for_price: 'Gutscheincodes gelten hier nicht.',
    refused_by_stripe: 'Dieser Gutscheincode gilt für diesen Kauf nicht.',
  },
  forTheSeller: 'Für den Anbieter:',
  payOpen: 'Offenen Betrag bezahlen',
  email: 'Ihre E-Mail-Adresse',
  remindEmail: 'E-Mail-Adresse für die Erinnerung',
  currency: 'Währung',
  quantity: (most) => `Menge (bis zu ${most})`,
  showTotal: 'Summe anzeigen',
  sums: {
    today: 'Heute insgesamt',
    next: 'Nächste Abbuchung',
    then: (amount, rhythm, from) => `${amount} ${rhythm}, ab dem ${from}`,
    tax: {
      inclusive: ', inklusive Steuer',
      exclusive: ', zuzüglich Steuer',
      account: '; Steuer kann hinzukommen',
    },
  },
  included: 'Das ist enthalten',
  buy: 'Weiter zur Zahlung',
  get: 'Kostenlos erhalten',
  atStripe: 'Sie bezahlen auf der Seite von Stripe.',
  nothingToPay: 'Es ist nichts zu bezahlen.',
  unknown: {
    title: 'Nicht gefunden',
    heading: 'Hier wird nichts verkauft',
    text: 'Prüfen Sie die Adresse, oder gehen Sie zu der Website zurück, von der Sie kommen.',
  },
  thanks: { title: 'Vielen Dank', text: 'Ihr Zugang ist bereit. Sie können diese Seite schließen.' },
};
