/** What stands in a sentence of the API besides its words; as it is read in German. */
export interface Inserted {
  time: (iso: string) => string;
  /** What Stripe wants, a list in English words. */
  wanted: (list: string) => string;
  /** Why a price is off sale, sentences of the API in a text. */
  offSale: (text: string) => string;
}

export type Sentence = [said: RegExp, german: string | ((found: string[], inserted: Inserted) => string)];

const events = (count = '') => (count === '1' ? 'Ein Ereignis' : `${count} Ereignisse`);
const PRICE_ROUTE = 'Ersetzen Sie sonst den Preis';

/** The API's sentences about a connection, each whole, and what it is in German. */
export const SENTENCES: readonly Sentence[] = [
  [
    /^Stripe does not let Session read the account (\S*) any more: the access was taken back there\.$/,
    ([account]) =>
      `Stripe lässt Session das Konto ${account} nicht mehr lesen: Der Zugriff wurde dort entzogen.`,
  ],
  [/^(\S*) is connected in test mode\.$/, ([account]) => `${account} ist im Testmodus verbunden.`],
  [/^(\S*) is connected in live mode\.$/, ([account]) => `${account} ist im Livemodus verbunden.`],
  [/^No Stripe account is connected\.$/, 'Es ist kein Stripe-Konto verbunden.'],
  [
    /^The connection has not been approved at Stripe yet\.$/,
    'Die Verbindung wurde bei Stripe noch nicht bestätigt.',
  ],
  [
    /^The account is there, but its owner has not been through Stripe’s form yet\.$/,
    'Das Konto ist da, aber Stripes Formular wurde noch nicht ausgefüllt.',
  ],
  [
    /^The coach is back from Stripe; the connection waits to be confirmed\.$/,
    'Der Rückweg von Stripe ist geschafft; die Verbindung wartet auf die Bestätigung.',
  ],
  [/^The Stripe account is being disconnected\.$/, 'Das Stripe-Konto wird gerade getrennt.'],
  [/^The link was removed from the Stripe side\.$/, 'Die Verbindung wurde von Stripe aus entfernt.'],
  [/^The Stripe account was disconnected\.$/, 'Das Stripe-Konto wurde getrennt.'],
  [
    /^Whoever was asked to connect an account to this coach said no\.$/,
    'Die Frage, ob ein Konto verbunden werden soll, wurde mit Nein beantwortet.',
  ],
  [/^The connection was refused on Stripe’s page\.$/, 'Die Verbindung wurde auf Stripes Seite abgelehnt.'],
  [/^The connection was not finished in time\.$/, 'Die Verbindung wurde nicht rechtzeitig abgeschlossen.'],
  [/^The connection could not be made\.$/, 'Die Verbindung kam nicht zustande.'],
  [
    /^This Stripe account belongs to another coach here\.$/,
    'Dieses Stripe-Konto gehört hier zu jemand anderem.',
  ],
  [
    /^Stripe’s answer was lost on the way, so nothing was connected\.$/,
    'Stripes Antwort ging verloren, darum wurde nichts verbunden.',
  ],
  [/^Stripe did not create the account\.$/, 'Stripe hat das Konto nicht angelegt.'],
  [
    /^Stripe could not be reached, so no account was created\.$/,
    'Stripe war nicht erreichbar, darum wurde kein Konto angelegt.',
  ],
  [
    /^Stripe did not accept the authorization; it may have been too old\.$/,
    'Stripe hat die Bestätigung nicht angenommen; vielleicht war sie zu alt.',
  ],
  [
    /^Stripe wants: (.*?)\.(?: It is due by (\S+Z)\.)?$/,
    ([list = '', due], { wanted, time }) =>
      `Stripe braucht: ${wanted(list)}.${due === undefined ? '' : ` Fällig am ${time(due)}.`}`,
  ],
  [/^Stripe is still checking: (.*)\.$/, ([list = ''], { wanted }) => `Stripe prüft noch: ${wanted(list)}.`],
  [/^Stripe wants nothing more\.$/, 'Stripe braucht nichts mehr.'],
  [
    /^Nothing is due now; one day Stripe will want: (.*)\.$/,
    ([list = ''], { wanted }) => `Zurzeit ist nichts fällig; eines Tages braucht Stripe: ${wanted(list)}.`,
  ],
  [/^Stripe accepts payments on this account\.$/, 'Stripe nimmt auf diesem Konto Zahlungen an.'],
  [
    /^Stripe has stopped payments because information is overdue(?:; it still wants: (.*))?\.$/,
    ([list], inserted) =>
      `Stripe nimmt keine Zahlungen mehr an, weil Angaben überfällig sind${stillWants(list, inserted)}.`,
  ],
  [
    /^Stripe is still checking the information(?:; it still wants: (.*))?\.$/,
    ([list], inserted) => `Stripe prüft die Angaben noch${stillWants(list, inserted)}.`,
  ],
  [
    /^Stripe needs the payment capability to be requested(?:; it still wants: (.*))?\.$/,
    ([list], inserted) => `Zahlungen müssen bei Stripe erst beantragt werden${stillWants(list, inserted)}.`,
  ],
  [
    /^Stripe is reviewing the account(?:; it still wants: (.*))?\.$/,
    ([list], inserted) => `Stripe überprüft das Konto${stillWants(list, inserted)}.`,
  ],
  [
    /^Stripe is checking the account against its lists(?:; it still wants: (.*))?\.$/,
    ([list], inserted) => `Stripe gleicht das Konto mit seinen Listen ab${stillWants(list, inserted)}.`,
  ],
  [
    /^The platform has paused the account(?:; it still wants: (.*))?\.$/,
    ([list], inserted) => `Die Plattform hat das Konto angehalten${stillWants(list, inserted)}.`,
  ],
  [
    /^Stripe has rejected the account(?:; it still wants: (.*))?\.$/,
    ([list], inserted) => `Stripe hat das Konto abgelehnt${stillWants(list, inserted)}.`,
  ],
  [
    /^Stripe has not enabled payments yet(?:; it still wants: (.*))?\.$/,
    ([list], inserted) => `Stripe hat Zahlungen noch nicht freigegeben${stillWants(list, inserted)}.`,
  ],
  [
    /^What is earned is paid out to the bank account\.$/,
    'Was Sie einnehmen, wird auf das Bankkonto ausgezahlt.',
  ],
  [
    /^Members can pay, if payments are accepted, but the money stays at Stripe for now\.$/,
    'Mitglieder können bezahlen, sofern Zahlungen angenommen werden, aber das Geld bleibt vorerst bei Stripe.',
  ],
  [
    /^Buyers see (.*) on Stripe’s page\.$/,
    ([name]) => `Wer kauft, sieht auf Stripes Seite den Namen ${name}.`,
  ],
  [
    /^Stripe opens no payment page for an account without a business name: nobody can buy\.$/,
    'Ohne einen Namen des Unternehmens öffnet Stripe keine Bezahlseite: Niemand kann kaufen.',
  ],
  [/^Stripe works out the tax of each purchase\.$/, 'Stripe berechnet die Steuer jedes Kaufs.'],
  [
    /^Tax is to be worked out, and Stripe Tax still wants: (.*)\. Until then Stripe opens no payment page: nobody can buy\.$/,
    ([list = ''], { wanted }) =>
      `Die Steuer soll berechnet werden, und Stripe Tax braucht noch: ${wanted(list)}. Bis dahin öffnet Stripe keine Bezahlseite: Niemand kann kaufen.`,
  ],
  [
    /^Session administers the link\. After disconnecting, the account is yours alone; connecting again then creates another, or takes it by OAuth\.$/,
    'Session verwaltet die Verbindung. Nach dem Trennen gehört das Konto Ihnen allein; beim nächsten Verbinden entsteht ein anderes, oder Sie wählen dieses auf Stripes Seite.',
  ],
  [
    /^An account that another platform created and controls cannot be connected here: on its page, Stripe offers to create a separate one instead\.$/,
    'Ein Konto, das eine andere Plattform angelegt hat und verwaltet, lässt sich hier nicht verbinden: Stripe bietet auf seiner Seite an, stattdessen ein eigenes anzulegen.',
  ],
  [/^No other platform controls the account\.$/, 'Keine andere Plattform verwaltet das Konto.'],
  [
    /^Nothing is known to stand in the way of a connection\.$/,
    'Es ist nichts bekannt, was einer Verbindung im Weg steht.',
  ],
  [
    /^A price is made in the currency that it names\.$/,
    'Jeder Preis wird in der Währung angelegt, die bei ihm steht.',
  ],
  [
    /^Every active price is in ([A-Z]{3}), the account’s own\.$/,
    ([currency]) => `Alle Preise im Verkauf sind in ${currency}, der Währung des Kontos.`,
  ],
  [
    /^The account’s default currency is ([A-Z]{3}), and these prices are in another one: (.*?)(?: and (\d+) more)?\. Stripe converts what is paid, for a fee\.$/,
    ([currency, names, more]) =>
      `Die Standardwährung des Kontos ist ${currency}, und diese Preise sind in einer anderen: ${names}${more === undefined ? '' : ` und ${more} weitere`}. Stripe rechnet Zahlungen gegen eine Gebühr um.`,
  ],
  [
    /^This installation has no mail server: neither you nor your members are written to\.$/,
    'Hier ist kein Mailserver eingerichtet: Weder Sie noch Ihre Mitglieder erhalten Mails.',
  ],
  [
    /^(\d+) of the last seven days: the mail server took them and gave no answer\. They are not sent again by themselves\.$/,
    ([count]) =>
      `${count} in den letzten sieben Tagen: Der Mailserver hat sie angenommen und nicht geantwortet. Sie werden nicht von selbst noch einmal gesendet.`,
  ],
  [
    /^Stripe has the endpoint (\S*) in (test|live) mode\.$/,
    ([id, mode]) => `Stripe hat den Endpunkt ${id} im ${mode === 'test' ? 'Testmodus' : 'Livemodus'}.`,
  ],
  [
    /^In (test|live) mode, the platform’s Stripe account has no webhook endpoint for (\S+)\.$/,
    ([mode, url]) =>
      `Das Stripe-Konto der Plattform hat im ${mode === 'test' ? 'Testmodus' : 'Livemodus'} keinen Webhook-Endpunkt für ${url}.`,
  ],
  [/^It listens to events on connected accounts\.$/, 'Er hört auf Ereignisse verbundener Konten.'],
  [
    /^The endpoint (\S*) listens to the platform’s own account only, so nothing that happens on a coach’s account arrives\.$/,
    ([id]) =>
      `Der Endpunkt ${id} hört nur auf das Konto der Plattform; was auf Ihrem Konto geschieht, kommt nicht an.`,
  ],
  [/^Stripe sends to (\S+)\.$/, ([url]) => `Stripe sendet an ${url}.`],
  [
    /^Stripe sends to (\S+), but Session listens at (\S+)\.$/,
    ([url, ours]) => `Stripe sendet an ${url}, aber Session empfängt unter ${ours}.`,
  ],
  [/^Stripe delivers to it\.$/, 'Stripe stellt an ihn zu.'],
  [
    /^Stripe has the endpoint (\S*), but it is disabled\.$/,
    ([id]) => `Stripe hat den Endpunkt ${id}, aber er ist abgeschaltet.`,
  ],
  [
    /^Every type of event that is needed is sent\.$/,
    'Alle Arten von Ereignissen, die gebraucht werden, kommen.',
  ],
  [/^These are missing: (.*)\.$/, ([types]) => `Diese fehlen: ${types}.`],
  [/^Events are written in (\S+)\.$/, ([version]) => `Ereignisse kommen in der Version ${version}.`],
  [
    /^Events are written in (.*), not in (\S+)\. State is asked for all the same; only the last events of an account that leaves are read\.$/,
    ([version = '', wanted]) =>
      `Ereignisse kommen in ${version.startsWith('the ') ? 'der Version des Stripe-Kontos' : version}, nicht in ${wanted}. Der Stand wird ohnehin bei Stripe erfragt; gelesen werden nur die letzten Ereignisse eines Kontos, das geht.`,
  ],
  [
    /^Of this account: (\S+), (\S+Z)\. (.*)$/,
    ([type, at = '', any = ''], inserted) =>
      `Von diesem Konto: ${type}, ${inserted.time(at)}. ${ofAny(any, inserted)}`,
  ],
  [
    /^Nothing has arrived from this account yet\. (.*)$/,
    ([any = ''], inserted) => `Von diesem Konto ist noch nichts angekommen. ${ofAny(any, inserted)}`,
  ],
  [
    /^Every event that Stripe has of this account has arrived\.$/,
    'Alle Ereignisse, die Stripe von diesem Konto hat, sind angekommen.',
  ],
  [
    /^Stripe has (\d+) events? of this account that never arrived here\.(?: The newest is (\S+) of (\S+Z)\.)?$/,
    ([count, type, at], { time }) =>
      `${events(count)} dieses Kontos ${count === '1' ? 'ist' : 'sind'} bei Stripe und nie hier angekommen.${at === undefined ? '' : ` Zuletzt ${type}, ${time(at)}.`}`,
  ],
  [
    /^(\d+) events? of this account arrived, but could not be settled after many attempts\.$/,
    ([count]) =>
      `${events(count)} dieses Kontos ${count === '1' ? 'kam' : 'kamen'} an und ${count === '1' ? 'ließ' : 'ließen'} sich auch nach vielen Versuchen nicht verarbeiten.`,
  ],
  [
    /^(\d+) events? of this account arrived more than a minute ago and waits? to be settled\.$/,
    ([count]) =>
      `${events(count)} dieses Kontos ${count === '1' ? 'wartet' : 'warten'} seit mehr als einer Minute auf die Verarbeitung.`,
  ],
  [/^No event of this account waits\.$/, 'Kein Ereignis dieses Kontos wartet.'],
  [
    /^Stripe did not answer in time, so this could not be looked at\.$/,
    'Stripe hat nicht rechtzeitig geantwortet, darum konnte das nicht geprüft werden.',
  ],
  [
    /^(.*nobody can buy it\..*)$/,
    ([text = ''], { offSale }) => offSale(text).replace(/And (\d+) more\.$/, 'Und $1 weitere.'),
  ],

  // What to do about it.
  [/^Connect one: POST \/v1\/connection\.$/, 'Klicken Sie auf „Mit Stripe verbinden“.'],
  [/^Connect again: POST \/v1\/connection\.$/, 'Klicken Sie noch einmal auf „Mit Stripe verbinden“.'],
  [
    /^Open the address that POST \/v1\/connection answers, and go on there\.$/,
    'Klicken Sie auf „Mit Stripe verbinden“ und machen Sie dort weiter.',
  ],
  [
    /^Answer the question of our page, then confirm with the connection_token/,
    'Klicken Sie noch einmal auf „Mit Stripe verbinden“ und beantworten Sie danach die Frage von Session.',
  ],
  [
    /^Wait a moment, then connect again if you like\.$/,
    'Warten Sie einen Moment; danach können Sie sich wieder verbinden.',
  ],
  [
    /^Give it to Stripe: POST \/v1\/connection answers the way into Stripe’s form\.$/,
    'Geben Sie es in Stripes Formular an: „Überprüfung bei Stripe abschließen“, weiter oben auf dieser Seite.',
  ],
  [/^Give it to Stripe in your Stripe Dashboard\.$/, 'Geben Sie es in Ihrem Stripe-Dashboard an.'],
  [
    /^Complete it at Stripe: POST \/v1\/connection answers the way there\.$/,
    'Schließen Sie es bei Stripe ab: „Überprüfung bei Stripe abschließen“, weiter oben auf dieser Seite.',
  ],
  [
    /^Complete it in the Stripe Dashboard; this page follows by itself\.$/,
    'Schließen Sie es in Ihrem Stripe-Dashboard ab; diese Seite folgt von selbst.',
  ],
  [/^Ask Stripe’s support about it\.$/, 'Fragen Sie Stripes Support danach.'],
  [
    /^There is nothing to do here but wait for Stripe, or look in the Stripe Dashboard\.$/,
    'Hier bleibt nur, auf Stripe zu warten, oder in Ihrem Stripe-Dashboard nachzusehen.',
  ],
  [
    /^Wait for Stripe; this page follows by itself\.$/,
    'Warten Sie auf Stripe; diese Seite folgt von selbst.',
  ],
  [
    /^Look in your Stripe Dashboard at what payouts wait for\.$/,
    'Sehen Sie in Ihrem Stripe-Dashboard nach, worauf die Auszahlungen warten.',
  ],
  [
    /^Give your business a name in your Stripe Dashboard, under Settings, Business, Account details\.$/,
    'Geben Sie Ihrem Unternehmen in Ihrem Stripe-Dashboard einen Namen: Einstellungen, Unternehmen, Kontodetails.',
  ],
  [
    /^Set Stripe Tax up in your Stripe Dashboard, or switch automatic tax off/,
    'Richten Sie Stripe Tax in Ihrem Stripe-Dashboard ein, oder schalten Sie die automatische Steuer in den Einstellungen unten ab.',
  ],
  [
    /^Choose another account on Stripe’s page, or let Stripe create one there\.$/,
    'Wählen Sie auf Stripes Seite ein anderes Konto, oder lassen Sie dort eines anlegen.',
  ],
  [
    /^Put it on sale again \(/,
    'Stellen Sie den Preis wieder in den Verkauf („Noch einmal bei Stripe versuchen“ auf seiner Seite), oder archivieren Sie ihn auch hier.',
  ],
  [
    /^Name the currency of each price, or set the default currency in your Stripe account\.$/,
    'Wählen Sie bei jedem Preis die Währung, oder setzen Sie die Standardwährung in Ihrem Stripe-Konto.',
  ],
  [
    /^If that is not meant: replace the price/,
    `Wenn das so gewollt ist, gibt es nichts zu tun. ${PRICE_ROUTE}, oder setzen Sie die Standardwährung in Ihrem Stripe-Konto.`,
  ],
  [
    /^Look at GET \/v1\/mails/,
    'Sehen Sie unter Einstellungen > E-Mails nach, und fragen Sie die Mitglieder.',
  ],
  [
    /^Session has to repair this\. Members get access all the same/,
    'Session muss das beheben. Mitglieder erhalten trotzdem Zugang, etwas später: Session fragt Stripe von selbst.',
  ],
  [/^Session has to look at them\.$/, 'Session muss sie ansehen.'],
  [/^Look again in a moment\.$/, 'Sehen Sie gleich noch einmal nach.'],
];

function stillWants(list: string | undefined, { wanted }: Inserted): string {
  return list === undefined ? '' : `; es fehlt noch: ${wanted(list)}`;
}

function ofAny(text: string, { time }: Inserted): string {
  const [, at] = /the last one came (\S+Z)\.$/.exec(text) ?? [];
  return at === undefined
    ? 'Auch von keinem anderen verbundenen Konto.'
    : `Von allen verbundenen Konten zuletzt: ${time(at)}.`;
}
