import { isLanguage } from '../domain/language';
import { DecryptionError } from '../db/encryption';
import { isDatabaseUnavailable } from '../db/errors';
import type { Mail } from '../db/generated/client';
import type { SealedMail } from '../domain/mail-data';
import { answerInCodes, type HandOver, meaningOf } from '../domain/mail-delivery';
import { decideMail } from '../domain/mail-truth';
import {
  isMailKind,
  isSwitchedOn,
  MAIL_REASONS,
  type MailKind,
  type MailReason,
  termsOfMail,
} from '../domain/mails';
import { type Seconds, toSeconds, toSecondsOrNull } from '../domain/time';
import { compose } from '../mail/compose';
import { renderMail } from '../mail/render';
import { handOver, type MailServer } from '../mail/smtp';
import { unsubscribeUrlOf } from '../mail/unsubscribe';
import type { MailInput } from '../messages/messages';
import { leftOverOf } from '../store/checkout-reminder';
import { type MailAbout, readMailAbout, readMailText } from '../store/mail-subject';
import { forgetBounce, suppressAddress, suppressionsOf } from '../store/mail-suppressions';
import { endMail, noteHandingOver, putMailOff, readMail, type Unmade, unsealMail } from '../store/mails';
import { noteProgress, progress } from '../stripe/progress';
import type { ActivityDeps } from './deps';
import { mailViewOf } from './mail-view';

/** How a mail stands, for its run and for operators. */
export interface MailState {
  status: string;
  waitsFor: string;
  /** Seconds until the next try; null: there is none. */
  waitSeconds: Seconds | null;
}

const GONE: MailState = { status: 'gone', waitsFor: 'Nothing: the mail is no more.', waitSeconds: null };
/** What is told to Temporal once the server has the mail: the next try knows it, should this one not get to write it down. */
const ACCEPTED = 'accepted';

/** Activities of what is told by mail. What is said, and to whom, is read here, and is in no history. */
export function createMailActivities({ db, clock, log, encryptionKey, publicUrl, mailServer }: ActivityDeps) {
  const isOver = ({ status }: Mail) => status !== 'queued' && status !== 'sending';

  async function stateOf(input: MailInput, now: Seconds): Promise<MailState> {
    const mail = await readMail(db, input);
    if (mail === null) return GONE;
    const { status, reason, tries, nextTryAt } = mail;
    if (isOver(mail)) return { status, waitsFor: waitsForAfter(status, reason), waitSeconds: null };
    const waitSeconds = nextTryAt === null ? 0 : Math.max(0, toSeconds(nextTryAt) - now);
    return { status: 'sending', waitsFor: `The next try, after ${tries}.`, waitSeconds };
  }

  /** The address, and what else decides whether the mail is wanted and true. */
  async function turnOf(mail: Mail, kind: MailKind) {
    const about = await readMailAbout(db, clock, mail);
    const sealed = unsealMail(encryptionKey, mail);
    const address = addressOf(kind, about, sealed);
    const { coachId, mode } = mail;
    const at = address === null ? null : { coachId, mode, address };
    const suppressed =
      at === null ? { bounced: false, unsubscribed: false } : await suppressionsOf(db, encryptionKey, at);
    const { now, settings, member, membership, openInvoice, access } = about;
    const date = about.about.at ?? null;
    // A link expires by the system's time, which the clock of an emulator's account may be ahead of.
    const system = await clock.now(mode, null);
    const leftOver =
      kind === 'checkout_left' && address !== null
        ? await leftOverOf(db, mail, about.checkout, address, now)
        : null;
    const decision = decideMail(kind, {
      isOff: !isSwitchedOn(kind, settings),
      hasAddress: address !== null,
      suppressed,
      isErased: termsOfMail(kind).to === 'member' && member?.erasedAt != null,
      isSuperseded: about.isSuperseded,
      isTooLate: isPast(date, kind === 'sales_of_the_day' ? null : now) || isPast(expiryOf(sealed), system),
      membership:
        membership === null
          ? null
          : {
              status: membership.status,
              openInvoiceId: openInvoice?.id ?? null,
              isCancelled: membership.cancelAt !== null,
            },
      date,
      dateNow: dateOf(kind, about),
      isStillSo: about.isStillSo,
      leftOver,
      invoiceId: about.invoiceId,
      hasAccess: access.access,
      beginsLater: access.begins !== undefined,
    });
    return { about, sealed, at, decision };
  }

  async function letterOf(
    mail: Mail,
    kind: MailKind,
    about: MailAbout,
    sealed: SealedMail | null,
    server: MailServer,
    to: string,
  ) {
    const { coach, settings, member } = about;
    const wanted = sealed?.language ?? settings?.language ?? 'en';
    const language = isLanguage(wanted) ? wanted : 'en';
    const unsubscribe =
      // Who is reminded of a purchase need not be a member.
      termsOfMail(kind).needed || (member === null && sealed?.to === undefined)
        ? null
        : unsubscribeUrlOf(publicUrl, encryptionKey, { coachId: mail.coachId, mode: mail.mode, address: to });
    const rendered = renderMail(
      kind,
      mailViewOf(kind, mail.mode, about, sealed, publicUrl),
      { language, colour: settings?.colour ?? null, ...(await readMailText(db, mail, language)) },
      unsubscribe,
    );
    return compose(
      mail.id,
      { from: { name: coach.name, address: server.from }, replyTo: settings?.replyTo ?? null, to },
      rendered,
      unsubscribe,
    );
  }

  /** What becomes of a mail, and how it is said; or why that cannot be made: never for what passes by itself. */
  async function make(mail: Mail, server: MailServer) {
    const { id: mailId, kind } = mail;
    try {
      if (!isMailKind(kind)) throw new Error(`There is no kind of mail "${kind}"`);
      const { about, sealed, at, decision } = await turnOf(mail, kind);
      if (decision.status !== 'send') return decision;
      if (at === null) return { status: 'suppressed', reason: 'no_address' } as const;
      const letter = await letterOf(mail, kind, about, sealed, server, at.address);
      return { status: 'made', letter, address: at.address } as const;
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      const unmade: Unmade = error instanceof DecryptionError ? 'unreadable' : 'not_made';
      // Its words could have the member's.
      const name = error instanceof Error ? error.name : 'unknown';
      log.error({ mailId, kind, reason: unmade, error: name }, 'A mail cannot be made');
      return { status: 'unmade', unmade } as const;
    }
  }

  /** What an earlier try was handing over, and did not write down what came of it. */
  function endHandedOver(mail: Mail, now: Seconds): Promise<void> {
    const wasAccepted = progress()[ACCEPTED] === roundOf(mail);
    return endMail(
      db,
      mail,
      wasAccepted
        ? { status: 'sent', answer: '250' }
        : { status: 'unclear', reason: 'no_answer', answer: null },
      now,
    );
  }

  /** Writes down what the server's answer means. */
  async function note(
    mail: Mail,
    meaning: HandOver,
    answer: string,
    address: string,
    now: Seconds,
  ): Promise<void> {
    const { coachId, mode } = mail;
    switch (meaning.result) {
      case 'accepted':
        await endMail(db, mail, { status: 'sent', answer }, now);
        return forgetBounce(db, encryptionKey, { coachId, mode, address });
      case 'unclear':
        return endMail(db, mail, { status: 'unclear', reason: 'no_answer', answer }, now);
      case 'temporary':
        return putMailOff(db, mail, { answer }, now);
      case 'permanent':
        if (meaning.badAddress) {
          // A mail to the coach is about a member, and has not their address.
          const memberId = isToMember(mail) ? mail.memberId : null;
          await suppressAddress(db, encryptionKey, { coachId, mode, address, memberId, reason: 'bounced' });
        }
        return endMail(
          db,
          mail,
          { status: 'failed', reason: meaning.badAddress ? 'bounced' : 'refused', answer },
          now,
        );
    }
  }

  return {
    /**
     * One try, where one is due. Before the mail is handed over it is written down that it is: whoever finds that, and no answer, can
     * not know whether the mail was sent, and leaves it at that.
     */
    async tryToSend(input: MailInput): Promise<MailState> {
      const mail = await readMail(db, input);
      if (mail === null) return GONE;
      const system = () => clock.now(input.mode, null);
      const before = await stateOf(input, await system());
      if (before.waitSeconds !== 0) return before;
      const { id: mailId } = mail;
      if (mail.handedOverAt !== null) {
        await endHandedOver(mail, await system());
        return stateOf(input, await system());
      }
      if (mailServer === null) {
        await endMail(db, mail, { status: 'suppressed', reason: 'mails_off' }, await system());
        return stateOf(input, await system());
      }
      const made = await make(mail, mailServer);
      if (made.status === 'unmade') {
        await putMailOff(db, mail, made, await system());
        return stateOf(input, await system());
      }
      if (made.status !== 'made') {
        const { status, reason } = made;
        await endMail(db, mail, made, await system());
        log.info({ mailId, kind: mail.kind, status, reason }, 'A mail is not sent');
        return stateOf(input, await system());
      }
      let wasHandedOver = false;
      const answer = await handOver(mailServer, made.letter, async () => {
        await noteHandingOver(db, mail, new Date());
        wasHandedOver = true;
      });
      const meaning = meaningOf(answer, wasHandedOver);
      if (meaning.result === 'accepted') noteProgress(ACCEPTED, roundOf(mail));
      const codes = answerInCodes(answer);
      log.info({ mailId, kind: mail.kind, result: meaning.result, answer: codes }, 'A mail was handed over');
      await note(mail, meaning, codes, made.address, await system());
      return stateOf(input, await system());
    },
  };
}

const isToMember = ({ kind }: Mail): boolean => isMailKind(kind) && termsOfMail(kind).to === 'member';

const roundOf = ({ id, round }: Mail) => `${id}/${round}`;

function addressOf(
  kind: MailKind,
  { member, settings }: MailAbout,
  sealed: SealedMail | null,
): string | null {
  if (sealed?.to !== undefined) return sealed.to;
  return termsOfMail(kind).to === 'coach' ? (settings?.coachAddress ?? null) : (member?.email ?? null);
}

/** The date that a mail speaks of, as it is now; null: it speaks of none. */
function dateOf(kind: MailKind, { membership, access }: MailAbout): Seconds | null {
  if (kind === 'access_ends_soon') return access.until;
  if (kind === 'renewal_soon') return toSecondsOrNull(membership?.paidThrough ?? null);
  if (kind === 'card_expires') return toSecondsOrNull(membership?.cardExpiresAt ?? null);
  if (kind === 'trial_ends_soon')
    return toSecondsOrNull(membership?.trialEnd ?? membership?.paidThrough ?? null);
  return null;
}

/** When what is in a mail expires, a link say; null: nothing in it does. */
const expiryOf = (sealed: SealedMail | null): Seconds | null =>
  sealed !== null && 'expiresAt' in sealed.data ? sealed.data.expiresAt : null;

const isPast = (at: Seconds | null, now: Seconds | null): boolean => at !== null && now !== null && at <= now;

function waitsForAfter(status: string, reason: string | null): string {
  if (status === 'sent') return 'Nothing: the mail server has it.';
  if (status === 'unclear') return 'Somebody who has it sent again, if it has not arrived.';
  const words =
    reason !== null && Object.hasOwn(MAIL_REASONS, reason) ? MAIL_REASONS[reason as MailReason] : '';
  return `Nothing: it is not sent. ${words}`.trim();
}
