import type { Role } from '../../domain/permissions';
import type { MailTexts, MailView } from '../content';
import { aboutWithdrawal, partsIn, payOrLook, plain, rowsOf, withSold } from '../parts';

/** What an invitation says of a role. */
const ROLES: Record<Role, string> = {
  owner: 'alles',
  finance: 'alles lesen, erstatten und über Widerrufe entscheiden',
  support: 'alles lesen und sich um Mitglieder kümmern',
  read_only: 'lesen',
};

const { day, moment, money, priceOf, besideOf, givenBackOf, statedOf } = partsIn('de');

const untilOf = ({ until, renewsAt, trialEnd, beginsAt }: MailView): string =>
  beginsAt !== null
    ? `Ab ${moment(beginsAt)}`
    : trialEnd !== null
      ? `Kostenlos bis ${day(trialEnd)}, danach kostenpflichtig`
      : renewsAt !== null
        ? `Verlängert sich am ${day(renewsAt)}`
        : until === null
          ? 'Unbegrenzt'
          : `Bis ${day(until)}`;

const WHY_ENDED: Record<string, string> = {
  grace_over: 'Eine Verlängerung blieb unbezahlt. Sobald sie bezahlt ist, haben Sie wieder Zugang.',
  unpaid: 'Eine Verlängerung blieb unbezahlt. Sobald sie bezahlt ist, haben Sie wieder Zugang.',
  refunded: 'Ihre Zahlung wurde erstattet.',
  disputed: 'Die Zahlung wurde bei Ihrer Bank beanstandet. Bis die Bank entschieden hat, ruht der Zugang.',
  dispute_lost: 'Die Zahlung wurde bei Ihrer Bank beanstandet, und diese hat für Sie entschieden.',
  fixed_term_over: 'Die bezahlte Zeit ist vorbei.',
  canceled: 'Das Abo wurde gekündigt. Es wird nichts mehr abgebucht.',
  trial_ended_without_card: 'Die kostenlose Probezeit endete, ohne dass eine Zahlungsart hinterlegt war.',
};

/** What is to be done about a withdrawal, and by when. */
function withdrawalStands({ withdrawal }: MailView): string {
  if (withdrawal === null) return 'Sehen Sie ihn sich in der Konsole an.';
  const by = day(withdrawal.decideBy);
  switch (withdrawal.status) {
    case 'unproven':
      return withdrawal.isOverdue
        ? `Er wurde ohne Anmeldung erklärt, und bis zum ${by} hat ihn niemand bestätigt oder darüber entschieden. Bitte sehen Sie nach, ob er von einem Ihrer Mitglieder ist.`
        : `Er wurde ohne Anmeldung erklärt. Er zählt, sobald das Mitglied ihn angemeldet bestätigt oder Sie ihn annehmen. Bitte sehen Sie ihn sich bis zum ${by} an.`;
    case 'to_decide':
      return withdrawal.isOverdue
        ? `Er wartet seit dem ${by} auf Sie. Was zurückzuzahlen ist, ist überfällig.`
        : `Bitte entscheiden Sie bis zum ${by}. Was sicher ein Widerruf ist, wird dann von selbst ganz zurückgezahlt, denn das Gesetz gibt Ihnen 14 Tage.`;
    case 'accepted':
    case 'done':
      return 'Nach Ihren Einstellungen gilt er sofort: Der Zugang endet, es wird nichts mehr abgebucht, und Sie brauchen nichts zu tun.';
    case 'refused':
      return 'Sie haben ihn abgelehnt.';
    case 'failed':
      return 'Das Geld konnte nicht zurückgehen. Sehen Sie nach, woran es liegt, etwa an Ihrem Guthaben bei Stripe, und nehmen Sie ihn noch einmal an.';
  }
}

const withdrawalRows = ({ productName, memberName, withdrawal }: MailView) =>
  rowsOf(
    ['Produkt', productName],
    ['Mitglied', memberName],
    ['Eingegangen', withdrawal === null ? null : moment(withdrawal.statedAt)],
    ['Geht zurück', withdrawal?.goesBack == null ? null : money(withdrawal.goesBack)],
    ['Code', withdrawal?.failureCode ?? null],
  );

/** The texts of the mails, in German. */
export const de: MailTexts = {
  testPrefix: '[Test] ',
  testNote: 'Dies ist ein Test: Es ist kein echtes Geld geflossen.',
  sentBy: {
    member: (coachName) => `Sie bekommen diese Mail, weil Sie Kundin oder Kunde von ${coachName} sind.`,
    coach: () =>
      'Sie bekommen diese Mail, weil Sie mit Session verkaufen. In der Konsole schalten Sie sie ab: Einstellungen > E-Mails.',
    buyer: (coachName) =>
      `Sie bekommen diese Mail, weil auf einer Kaufseite von ${coachName} eine Erinnerung an diese Adresse gewünscht wurde. Waren Sie das nicht, brauchen Sie nichts zu tun: Es ist die einzige.`,
    person: (coachName) =>
      `Sie bekommen diese Mail, weil ${coachName} Ihre Adresse als die von jemandem angegeben hat, der dort mitarbeitet.`,
  },
  unsubscribe: 'Keine Mails mehr, die nicht nötig sind',
  kinds: {
    bought: (v) => {
      const price = priceOf(v);
      return {
        subject: `${v.productName}: Sie sind dabei`,
        preview:
          v.beginsAt === null
            ? `Sie haben jetzt Zugang zu ${v.productName}.`
            : `Ihr Zugang beginnt am ${moment(v.beginsAt)}.`,
        heading: `Willkommen bei ${v.productName}`,
        paragraphs: [
          v.beginsAt === null
            ? 'Danke für Ihren Kauf. Sie haben ab sofort Zugang.'
            : `Danke für Ihren Kauf. Ihr Platz ist Ihnen sicher, und Ihr Zugang beginnt am ${moment(v.beginsAt)}.`,
        ],
        rows: [
          ['Produkt', v.productName],
          ...(price === null ? [] : [['Preis', price] as [string, string]]),
          ...rowsOf(['Dazugenommen', besideOf(v)]),
          ['Zugang', untilOf(v)],
        ],
        button: { label: 'Zu Ihrer Seite', url: v.accountUrl },
        closing: [
          v.renewsAt === null
            ? 'Ihre Seite zeigt, was Sie haben, bis wann, und jede Zahlung mit ihrem Beleg.'
            : 'Sie können auf Ihrer Seite jederzeit kündigen; Ihr Zugang gilt dann bis zum Ende der bezahlten Zeit.',
        ],
      };
    },
    access_begins: (v) => ({
      ...plain,
      subject: `${v.productName} beginnt`,
      preview: `Ab jetzt haben Sie Zugang zu ${v.productName}.`,
      heading: `${v.productName} beginnt heute`,
      paragraphs: ['Es ist so weit: Ab jetzt haben Sie Zugang.'],
      rows: rowsOf(['Zugang', untilOf(v)]),
      button: { label: 'Zu Ihrer Seite', url: v.accountUrl },
    }),
    renewal_failed: (v) => ({
      ...plain,
      subject: `Ihre Zahlung für ${v.productName} ist fehlgeschlagen`,
      preview: `${v.open === null ? 'Eine Zahlung' : money(v.open)} konnte nicht abgebucht werden. So können Sie zahlen.`,
      heading: 'Ihre Zahlung ist fehlgeschlagen',
      paragraphs: [
        `Die Verlängerung von ${v.productName} konnte nicht abgebucht werden. Bitte bezahlen Sie sie, oder wählen Sie eine andere Karte.`,
        v.beginsAt !== null
          ? `Ihr Zugang beginnt am ${moment(v.beginsAt)}, sobald bezahlt ist.`
          : !v.hasAccess
            ? 'Bis dahin haben Sie keinen Zugang. Sobald bezahlt ist, ist er wieder da.'
            : v.until === null
              ? 'Ihr Zugang läuft vorerst weiter.'
              : `Ihr Zugang gilt bis ${day(v.until)}. Ist bis dahin nichts bezahlt, endet er.`,
      ],
      rows: [
        ...(v.open === null ? [] : [['Offen', money(v.open)] as [string, string]]),
        ...(v.open?.nextAttemptAt == null
          ? []
          : [
              ['Nächster Versuch', `Wir versuchen es von selbst wieder am ${day(v.open.nextAttemptAt)}`] as [
                string,
                string,
              ],
            ]),
      ],
      button: { label: 'Jetzt bezahlen', url: v.open?.payUrl ?? v.accountUrl },
      closing: ['Wenn Sie inzwischen bezahlt haben, ist nichts mehr zu tun.'],
    }),
    trial_ends_soon: (v) => ({
      ...plain,
      subject: `Ihre kostenlose Probezeit von ${v.productName} endet in drei Tagen`,
      preview: 'Was dann abgebucht wird, und wie Sie kündigen.',
      heading: 'Ihre Probezeit endet bald',
      paragraphs: [
        v.trialEnd === null
          ? `Ihre kostenlose Probezeit von ${v.productName} endet in drei Tagen.`
          : `Ihre kostenlose Probezeit von ${v.productName} endet am ${day(v.trialEnd)}. Von da an wird abgebucht.`,
        'Wenn Sie das nicht möchten, kündigen Sie vorher auf Ihrer Seite.',
      ],
      rows: rowsOf(['Danach', priceOf(v)]),
      button: { label: 'Zu Ihrer Seite', url: v.accountUrl },
    }),
    renewal_soon: (v) => ({
      ...plain,
      subject: `${v.productName} verlängert sich in sieben Tagen`,
      preview: 'Was dann abgebucht wird, und wie Sie kündigen.',
      heading: 'Ihr Abo verlängert sich bald',
      paragraphs: [
        `Ihr Jahr ${v.productName} ist bald vorbei, und das nächste beginnt.`,
        'Wenn Sie das nicht möchten, kündigen Sie vorher auf Ihrer Seite.',
      ],
      rows: rowsOf(['Am', v.renewsAt === null ? null : day(v.renewsAt)], ['Abgebucht', priceOf(v)]),
      button: { label: 'Zu Ihrer Seite', url: v.accountUrl },
    }),
    card_expires: (v) => {
      const last = v.cardExpiresAt === null ? null : day(v.cardExpiresAt - 1);
      return {
        ...plain,
        subject: `Ihre Karte für ${v.productName} läuft bald ab`,
        preview: last === null ? 'Bitte hinterlegen Sie eine andere.' : `Sie gilt bis ${last}.`,
        heading: 'Ihre Karte läuft bald ab',
        paragraphs: [
          last === null
            ? `Die Karte, mit der Sie ${v.productName} bezahlen, läuft bald ab.`
            : `Die Karte, mit der Sie ${v.productName} bezahlen, gilt bis ${last}.`,
          'Bitte hinterlegen Sie auf Ihrer Seite eine andere, damit die nächste Zahlung klappt.',
        ],
        rows: rowsOf(
          ['Nächste Zahlung', v.renewsAt === null ? null : day(v.renewsAt)],
          ['Abgebucht wird', priceOf(v)],
        ),
        button: { label: 'Andere Karte hinterlegen', url: v.accountUrl },
        closing: ['Haben Sie das schon getan, brauchen Sie nichts zu tun.'],
      };
    },
    recovered: (v) => ({
      ...plain,
      subject: `Ihre Zahlung für ${v.productName} ist da`,
      preview: 'Alles ist wieder in Ordnung.',
      heading: 'Danke, es ist bezahlt',
      paragraphs: [
        `Was für ${v.productName} offen war, ist bezahlt.${v.beginsAt === null ? ' Ihr Zugang geht weiter.' : ''}`,
      ],
      rows: rowsOf(['Zugang', untilOf(v)]),
      button: { label: 'Zu Ihrer Seite', url: v.accountUrl },
    }),
    cancellation_noted: (v) => ({
      ...plain,
      subject: `Ihre Kündigung von ${v.productName}`,
      preview: v.until === null ? 'Es wird nichts mehr abgebucht.' : `Ihr Zugang gilt bis ${day(v.until)}.`,
      heading: 'Ihre Kündigung ist vermerkt',
      paragraphs: [`Sie haben ${v.productName} gekündigt. Es wird nichts mehr abgebucht.`],
      rows: rowsOf(['Zugang bis', v.until === null ? null : day(v.until)]),
      button: { label: 'Zu Ihrer Seite', url: v.accountUrl },
      closing: ['Wenn Sie es sich anders überlegen, können Sie sie bis dahin auf Ihrer Seite zurücknehmen.'],
    }),
    access_ends_soon: (v) => ({
      ...plain,
      subject: `Ihr Zugang zu ${v.productName} endet morgen`,
      preview: v.until === null ? 'Er endet morgen.' : `Er endet am ${day(v.until)}.`,
      heading: 'Ihr Zugang endet morgen',
      paragraphs: [
        v.until === null
          ? `Ihr Zugang zu ${v.productName} endet morgen.`
          : `Ihr Zugang zu ${v.productName} endet am ${moment(v.until)}.`,
      ],
      button: payOrLook(v, { pay: 'Jetzt bezahlen', look: 'Zu Ihrer Seite' }),
    }),
    refunded: (v) => ({
      ...plain,
      subject: `Erstattung für ${v.productName}`,
      preview: v.refund === null ? 'Geld geht an Sie zurück.' : `${money(v.refund)} gehen an Sie zurück.`,
      heading: 'Ihre Erstattung ist unterwegs',
      paragraphs: [
        `${v.coachName} erstattet Ihre Zahlung für ${v.productName}. Das Geld kommt innerhalb von zehn Tagen dort an, von wo es bezahlt wurde.`,
      ],
      rows: rowsOf(
        ['Erstattet', v.refund === null ? null : money(v.refund)],
        ['Von', v.refund === null ? null : money({ amount: v.refund.of, currency: v.refund.currency })],
      ),
      button: { label: 'Zu Ihrer Seite', url: v.accountUrl },
    }),
    sale: (v) => ({
      ...plain,
      subject: v.isFirst ? `Ihr erster Verkauf: ${v.productName}` : `Verkauft: ${v.productName}`,
      preview: priceOf(v) ?? 'Kostenlos',
      heading: v.isFirst ? 'Glückwunsch zum ersten Verkauf' : `Sie haben ${v.productName} verkauft`,
      paragraphs: [],
      rows: rowsOf(
        ['Produkt', v.productName],
        ['Preis', priceOf(v) ?? 'Kostenlos'],
        ['Dazugenommen', besideOf(v)],
        ['An', v.memberName],
      ),
      button: { label: 'Zur Konsole', url: v.consoleUrl },
    }),
    sales_of_the_day: (v) => ({
      ...plain,
      subject: v.day === null ? 'Ihre Verkäufe' : `Ihre Verkäufe vom ${day(v.day.at)}`,
      preview: v.day === null ? '' : `Insgesamt ${v.day.count}`,
      heading: 'Ihre Verkäufe des Tages',
      paragraphs: [],
      rows: rowsOf(
        ['Tag (UTC)', v.day === null ? null : day(v.day.at)],
        ['Verkäufe', v.day === null ? null : String(v.day.count)],
        ['Zahlungen, auch Verlängerungen', v.day === null ? null : v.day.totals.map(money).join(', ') || '0'],
      ),
      button: { label: 'Zur Konsole', url: v.consoleUrl },
    }),
    payment_failed: (v) => ({
      ...plain,
      subject: `Eine Zahlung für ${v.productName} ist fehlgeschlagen`,
      preview: 'Das Mitglied weiß, wie es zahlen kann.',
      heading: 'Eine Verlängerung konnte nicht abgebucht werden',
      paragraphs: [
        'Stripe versucht es von selbst wieder, und das Mitglied hat erfahren, wie es zahlen kann.',
      ],
      rows: rowsOf(
        ['Produkt', v.productName],
        ['Mitglied', v.memberName],
        ['Offen', v.open === null ? null : money(v.open)],
        ['Nächster Versuch', v.open?.nextAttemptAt == null ? null : day(v.open.nextAttemptAt)],
      ),
      button: { label: 'Zur Konsole', url: v.consoleUrl },
    }),
    dispute: (v) => ({
      ...plain,
      subject: `Eine Zahlung für ${v.productName} ist beanstandet`,
      preview:
        v.evidenceDueAt === null ? 'Antworten Sie bei Stripe.' : `Antworten Sie bis ${day(v.evidenceDueAt)}.`,
      heading: 'Eine Zahlung ist beanstandet',
      paragraphs: [
        'Das Mitglied hat bei seiner Bank das Geld zurückverlangt. Antworten Sie in Ihrem Stripe-Dashboard, unter Zahlungen > Disputes; ohne Antwort entscheidet die Bank für das Mitglied.',
      ],
      rows: rowsOf(
        ['Produkt', v.productName],
        ['Mitglied', v.memberName],
        ['Antworten bis', v.evidenceDueAt === null ? null : moment(v.evidenceDueAt)],
      ),
      button: { label: 'Zu Stripe', url: 'https://dashboard.stripe.com/disputes' },
    }),
    account_restricted: (v) => ({
      ...plain,
      subject: 'Stripe nimmt zurzeit keine Zahlungen für Sie an',
      preview: 'Stripe möchte etwas von Ihnen.',
      heading: 'Sie können zurzeit nichts verkaufen',
      paragraphs: [
        'Stripe nimmt für Ihr Konto keine Zahlungen an. Meist möchte es noch etwas wissen: Ihr Stripe-Dashboard sagt, was.',
      ],
      button: { label: 'Ansehen, woran es liegt', url: v.consoleUrl },
    }),
    endpoint_off: (v) => ({
      ...plain,
      subject: 'Ein Empfänger Ihrer Ereignisse wurde abgeschaltet',
      preview: 'Er hat drei Tage lang nicht geantwortet, oder sagt, dass es ihn nicht mehr gibt.',
      heading: 'Ihre Website erfährt nichts mehr',
      paragraphs: [
        'Ein Empfänger Ihrer Ereignisse ist drei Tage lang nur gescheitert, oder sagt, dass es ihn nicht mehr gibt, und wurde abgeschaltet. Was er verpasst, kann später nachgeholt werden.',
      ],
      button: { label: 'Zur Konsole', url: v.consoleUrl },
    }),
    withdrawal_in: (v) => ({
      ...aboutWithdrawal(v, withdrawalStands(v), withdrawalRows(v), 'Zu den Widerrufen'),
      subject: withSold('Ein Widerruf ist eingegangen', v),
      heading: 'Jemand hat widerrufen',
    }),
    withdrawal_waits: (v) => ({
      ...aboutWithdrawal(v, withdrawalStands(v), withdrawalRows(v), 'Jetzt entscheiden'),
      subject:
        v.withdrawal?.status === 'failed'
          ? withSold('Ein Widerruf konnte nicht abgewickelt werden', v)
          : withSold('Ein Widerruf wartet auf Ihre Entscheidung', v),
      heading:
        v.withdrawal?.status === 'failed'
          ? 'Ein Widerruf konnte nicht abgewickelt werden'
          : v.withdrawal?.isOverdue === true
            ? 'Über einen Widerruf wurde nicht rechtzeitig entschieden'
            : 'Ein Widerruf wartet auf Sie',
    }),
    event_parked: (v) => ({
      ...plain,
      subject: 'Etwas bei Stripe konnte nicht übernommen werden',
      preview: 'Auch der Betreiber dieser Installation weiß davon.',
      heading: 'Etwas bei Stripe konnte nicht übernommen werden',
      paragraphs: [
        'Stripe hat uns etwas zu Ihrem Konto gemeldet, das wir einen Tag lang nicht verarbeiten konnten. Verloren ist davon nichts, und auch der Betreiber dieser Installation weiß davon.',
        'Sollte eine Zahlung oder der Zugang eines Mitglieds fehlen, vergleichen Sie mit Ihrem Stripe-Dashboard und geben Sie den Zugang so lange von Hand.',
      ],
      button: { label: 'Zur Konsole', url: v.consoleUrl },
    }),
    access_ended: (v) => ({
      ...plain,
      subject: `Ihr Zugang zu ${v.productName} ist zu Ende`,
      preview: WHY_ENDED[v.reason ?? ''] ?? `Ihr Zugang zu ${v.productName} ist zu Ende.`,
      heading: 'Ihr Zugang ist zu Ende',
      paragraphs: [
        `Sie haben keinen Zugang zu ${v.productName} mehr.`,
        ...(WHY_ENDED[v.reason ?? ''] === undefined ? [] : [WHY_ENDED[v.reason ?? ''] ?? '']),
      ],
      button: payOrLook(v, { pay: 'Jetzt bezahlen', look: 'Zu Ihrer Seite' }),
    }),
    gift: (v) => ({
      ...plain,
      subject: `${v.coachName} schenkt Ihnen ${v.productName}`,
      preview: `Sie haben Zugang zu ${v.productName}, und nichts zu zahlen.`,
      heading: `${v.productName}: ein Geschenk für Sie`,
      paragraphs: [`${v.coachName} schenkt Ihnen den Zugang zu ${v.productName}. Es ist nichts zu zahlen.`],
      rows: [['Zugang', v.until === null ? 'Unbegrenzt' : `Bis ${day(v.until)}`]],
      button: { label: 'Zu Ihrer Seite', url: v.accountUrl },
    }),
    checkout_left: (v) => ({
      ...plain,
      subject: `Ihre Erinnerung: ${v.productName}`,
      preview: 'Sie wollten erinnert werden, falls Sie den Kauf nicht abschließen.',
      heading: 'Sie wollten erinnert werden',
      paragraphs: [
        `Sie haben den Kauf von ${v.productName} begonnen und nicht abgeschlossen. Es wurde nichts abgebucht. Wenn Sie noch möchten, geht es hier weiter:`,
      ],
      rows: rowsOf(['Produkt', v.productName], ['Preis', priceOf(v)]),
      button: { label: 'Zurück zum Kauf', url: v.checkout_left?.url ?? v.accountUrl },
      closing: ['Dies ist die einzige Erinnerung. Möchten Sie nicht mehr, brauchen Sie nichts zu tun.'],
    }),
    sign_in_link: (v) => ({
      ...plain,
      subject: `Ihr Link zum Anmelden bei ${v.coachName}`,
      preview: 'Er gilt einmal, 15 Minuten lang.',
      heading: 'Anmelden',
      paragraphs: ['Mit diesem Link melden Sie sich an. Er gilt einmal, und 15 Minuten lang.'],
      button: { label: 'Anmelden', url: v.sign_in_link?.url ?? v.accountUrl },
      closing: [
        'Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun: Ohne den Link kommt niemand hinein.',
      ],
    }),
    invited: (v) => ({
      ...plain,
      subject: `${v.coachName} lädt Sie in die Konsole ein`,
      preview: 'Melden Sie sich mit dieser E-Mail-Adresse an.',
      heading: `Mitarbeit bei ${v.coachName}`,
      paragraphs: [
        `${v.coachName} hat Sie in die Konsole von Session eingeladen. Melden Sie sich mit der Adresse an, an die diese Mail ging: Jedes Mal kommt ein Link per E-Mail.`,
      ],
      rows: v.invited === undefined ? [] : [['Sie dürfen', ROLES[v.invited.role]]],
      button: { label: 'Zur Anmeldung', url: v.invited?.url ?? v.consoleUrl },
      closing: [`Wenn Sie ${v.coachName} nicht kennen, müssen Sie nichts tun.`],
    }),
    console_sign_in_link: (v) => ({
      ...plain,
      subject: 'Ihr Link zum Anmelden bei Session',
      preview: 'Er gilt einmal, 15 Minuten lang.',
      heading: 'Anmelden',
      paragraphs: ['Mit diesem Link melden Sie sich in der Konsole an. Er gilt einmal, und 15 Minuten lang.'],
      button: { label: 'Anmelden', url: v.console_sign_in_link?.url ?? v.consoleUrl },
      closing: [
        'Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun: Ohne den Link kommt niemand hinein.',
      ],
    }),
    withdrawal_received: (v) => ({
      ...plain,
      subject: 'Ihr Widerruf ist eingegangen',
      preview: 'Mit Datum und Uhrzeit, zum Aufbewahren.',
      heading: 'Ihr Widerruf ist eingegangen',
      paragraphs: ['Diese Mail bestätigt den Eingang Ihres Widerrufs. Bitte bewahren Sie sie auf.'],
      rows: statedOf(v, {
        name: 'Name',
        contract: 'Vertrag',
        received: 'Eingegangen',
        reference: 'Zeichen',
      }),
      closing: ['Sie hören wieder von uns, wenn er bearbeitet ist.'],
    }),
    withdrawal_done: (v) => {
      const done = v.withdrawal_done;
      const amount = givenBackOf(v);
      return {
        ...plain,
        subject: 'Ihr Widerruf ist erledigt',
        preview: amount === null ? 'Was daraus geworden ist.' : `${amount} gehen an Sie zurück.`,
        heading: 'Ihr Widerruf ist erledigt',
        paragraphs: [
          done?.outcome === 'declined'
            ? `${v.coachName} hat den Widerruf nicht angenommen. Wenn Sie nicht einverstanden sind, antworten Sie bitte auf diese Mail.`
            : 'Der Vertrag ist beendet, und es wird nichts mehr abgebucht.',
          ...(amount === null
            ? []
            : [
                `${amount} gehen auf die Karte oder das Konto zurück, womit bezahlt wurde. Das dauert bis zu zehn Tage.`,
              ]),
        ],
        rows: rowsOf(['Warum', done?.because ?? null], ['Zeichen', done?.reference ?? '']),
      };
    },
  },
};
