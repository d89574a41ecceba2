import type { Language } from '../domain/language';
import { decrypt, encrypt } from '../db/encryption';
import type { Db, Tx } from '../db/client';
import type { Mail } from '../db/generated/client';
import { newId } from '../domain/ids';
import { secondsToNextMailTry } from '../domain/mail-delivery';
import { type DataMailKind, type MailData, saysMore, type SealedMail } from '../domain/mail-data';
import type { MailReason } from '../domain/mails';
import type { Mode } from '../domain/mode';
import { type Seconds, toDate } from '../domain/time';
import type { MailInput } from '../messages/messages';
import type { MemberKey } from './member-events';

/** Seconds until a mail that was taken, but has no run, is taken again. */
const LEASE = 15;
/** Mails that one claim chooses among: of each coach's in turn, so that many of one keep none of another's waiting. */
const IN_SIGHT = 1000;
/** Seconds that a run may be late until it is taken for lost: a try may take a quarter of an hour. */
const LOST_AFTER = 1200;

const sealedAs = (mailId: string) => `mail/${mailId}`;

/** A mail that somebody asks for, beside those that facts ask for by themselves. */
export interface QueuedMail<Kind extends DataMailKind> {
  coachId: string;
  mode: Mode;
  kind: Kind;
  /** Whom it is about; null: nobody who is known here, and `to` says where it goes. */
  memberId: string | null;
  data: MailData[Kind];
  /** Another address than the member's. */
  to?: string;
  /** The language of who waits for it; left out: the coach's choice. */
  language?: Language;
  /** What it is about: a second mail of the same key is not written. Left out: each is a mail of its own. */
  key?: string;
  /** The ids that it concerns, by name. */
  ids?: Record<string, string>;
}

/**
 * Has a mail sent once the transaction commits, and not if it does not: of a kind that says something of its own, as
 * `sign_in_link`. What it says, and an address that is not the member's, is encrypted with `encryptionKey` and in no history; both are
 * gone once the mail has ended. Answers the mail's id; null: there is one of that key already.
 */
export async function queueMail<Kind extends DataMailKind>(
  tx: Tx,
  encryptionKey: Buffer,
  { coachId, mode, kind, memberId, data, to, language, key, ids = {} }: QueuedMail<Kind>,
): Promise<string | null> {
  const id = newId('mail');
  const sealed: SealedMail<Kind> = {
    data,
    ...(to === undefined ? {} : { to }),
    ...(language === undefined ? {} : { language }),
  };
  const { count } = await tx.mail.createMany({
    data: [
      {
        coachId,
        mode,
        id,
        kind,
        memberId,
        key: `${kind}/${key ?? id}`,
        ids,
        sealed: encrypt(encryptionKey, JSON.stringify(sealed), sealedAs(id)),
      },
    ],
    skipDuplicates: true,
  });
  return count === 0 ? null : id;
}

/** Opens what {@link queueMail} has encrypted; null: the mail has none. */
export function unsealMail(
  encryptionKey: Buffer,
  { id, sealed }: Pick<Mail, 'id' | 'sealed'>,
): SealedMail | null {
  return sealed === null ? null : (JSON.parse(decrypt(encryptionKey, sealed, sealedAs(id))) as SealedMail);
}

/** What the relay gives a run to. */
export interface ClaimedMail extends MailInput {
  round: number;
  memberId: string | null;
}

/** Takes up to `limit` mails that are due and have no run. Any number of relays may do so at once. */
export function claimMails(db: Db, limit: number): Promise<ClaimedMail[]> {
  return db.$queryRaw<ClaimedMail[]>`
    WITH due AS (
      -- No coach's clock is further ahead: by the index, without a question about each mail.
      SELECT coach_id, mode, id, due_at FROM mail
      WHERE status = 'queued' AND lease_until <= now() AND COALESCE(due_at, created_at)
        <= now() + (SELECT COALESCE(max(offset_seconds), 0) FROM account_clock) * interval '1 second'
      ORDER BY COALESCE(due_at, created_at) LIMIT ${IN_SIGHT}),
    in_turn AS (
      SELECT coach_id, mode, id, row_number() OVER (PARTITION BY coach_id ORDER BY due_at NULLS FIRST, id) AS turn FROM due
      WHERE due_at IS NULL OR due_at <= coach_time(coach_id, mode)),
    taken AS (
      SELECT m.coach_id, m.mode, m.id FROM mail m JOIN in_turn t USING (coach_id, mode, id)
      WHERE m.status = 'queued' AND m.lease_until <= now()
      ORDER BY t.turn LIMIT ${limit} FOR UPDATE OF m SKIP LOCKED)
    UPDATE mail m SET lease_until = now() + ${LEASE} * interval '1 second'
    FROM taken t WHERE m.coach_id = t.coach_id AND m.mode = t.mode AND m.id = t.id
    RETURNING m.coach_id AS "coachId", m.mode::text AS mode, m.id AS "mailId", m.round, m.member_id AS "memberId"`;
}

/** Writes down that the run is there; nothing where it was quicker. */
export async function markMailSending(db: Db, { coachId, mode, mailId, round }: ClaimedMail): Promise<void> {
  await db.mail.updateMany({
    where: { coachId, mode, id: mailId, round, status: 'queued' },
    data: { status: 'sending' },
  });
}

/** Has the relay start again what a lost run has left. Answers how many there were. */
export function restartLostMails(db: Db, now: Seconds, limit: number): Promise<number> {
  return db.$executeRaw`
    UPDATE mail SET status = 'queued', lease_until = now() WHERE (coach_id, mode, id) IN (
      SELECT coach_id, mode, id FROM mail
      WHERE status = 'sending' AND COALESCE(next_try_at, lease_until) < ${toDate(now - LOST_AFTER)}
      ORDER BY COALESCE(next_try_at, lease_until) LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
}

/** Where no mails are sent: what is due is noted as not sent, so that nothing old goes out once they are. */
export function suppressDueMails(db: Db, limit: number): Promise<number> {
  return db.$executeRaw`
    UPDATE mail SET status = 'suppressed', reason = ${'mails_off' satisfies MailReason}, sealed = NULL, ended_at = now()
    WHERE (coach_id, mode, id) IN (
      SELECT coach_id, mode, id FROM mail
      WHERE status = 'queued' AND COALESCE(due_at, created_at) <= now()
      ORDER BY COALESCE(due_at, created_at) LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
}

/** Reads a mail; null: it is no more. */
export function readMail(db: Db, { coachId, mode, mailId }: MailInput): Promise<Mail | null> {
  return db.mail.findUnique({ where: { coachId_mode_id: { coachId, mode, id: mailId } } });
}

/** Why a mail could not be made: it was never handed to anybody. */
export type Unmade = Extract<MailReason, 'unreadable' | 'not_made'>;

const isUnmade = (reason: MailReason): reason is Unmade => reason === 'unreadable' || reason === 'not_made';

const OPEN = { in: ['queued', 'sending'] } satisfies { in: Mail['status'][] };
const keyOf = ({ coachId, mode, id, round }: Mail) => ({ coachId, mode, id, round });

/**
 * Writes down that the mail is about to be handed over; from then on only the server's answer says whether it was sent.
 * @throws Error when somebody else is at it: nothing may be handed over then
 */
export async function noteHandingOver(db: Db, mail: Mail, at: Date): Promise<void> {
  const { count } = await db.mail.updateMany({
    where: { ...keyOf(mail), tries: mail.tries, status: OPEN, handedOverAt: null },
    data: { status: 'sending', handedOverAt: at },
  });
  if (count === 0) throw new Error('Another try is handing this mail over');
}

/** How a mail has ended. */
export type MailEnd =
  | { status: 'sent'; answer: string }
  | { status: 'unclear' | 'failed'; reason: MailReason; answer: string | null }
  | { status: 'stale' | 'suppressed'; reason: MailReason };

/** Writes down how a mail has ended. One that was taken for unclear, and was accepted after all, is sent. */
export async function endMail(db: Db | Tx, mail: Mail, end: MailEnd, now: Seconds): Promise<void> {
  const { status } = end;
  await db.mail.updateMany({
    where: { ...keyOf(mail), status: status === 'sent' ? { in: [...OPEN.in, 'unclear'] } : OPEN },
    data: {
      status,
      reason: 'reason' in end ? end.reason : null,
      ...('answer' in end ? { answer: end.answer, tries: mail.tries + 1 } : {}),
      // What could not be said may still be, once somebody has mended why.
      ...('reason' in end && isUnmade(end.reason) ? {} : { sealed: null }),
      nextTryAt: null,
      endedAt: toDate(now),
    },
  });
}

/**
 * Writes down that a try came to nothing: there is another one later, or it was the last.
 * @param why what the mail server answered, or why nothing could be handed to it
 */
export async function putMailOff(
  db: Db,
  mail: Mail,
  why: { answer: string } | { unmade: Unmade },
  now: Seconds,
): Promise<void> {
  const tries = mail.tries + 1;
  const wait = secondsToNextMailTry(tries, mail.id);
  const answer = 'answer' in why ? why.answer : null;
  const reason = 'unmade' in why ? why.unmade : null;
  if (wait === null) return endMail(db, mail, { status: 'failed', reason: reason ?? 'gave_up', answer }, now);
  await db.mail.updateMany({
    where: { ...keyOf(mail), tries: mail.tries, status: OPEN },
    data: { status: 'sending', tries, answer, reason, handedOverAt: null, nextTryAt: toDate(now + wait) },
  });
}

/**
 * Has a mail that has ended without being sent looked at again, as if its turn had just come; the relay is told. False: it
 * was sent, is under way, or what it said is gone.
 */
export async function sendAgain(db: Db, mail: Mail): Promise<boolean> {
  if (saysMore(mail.kind) && mail.sealed === null) return false;
  const { coachId, mode, id, round } = mail;
  const { count } = await db.mail.updateMany({
    where: { coachId, mode, id, round, status: { in: ['unclear', 'failed', 'suppressed', 'stale'] } },
    data: {
      status: 'queued',
      round: round + 1,
      tries: 0,
      reason: null,
      answer: null,
      dueAt: null,
      nextTryAt: null,
      handedOverAt: null,
      endedAt: null,
      leaseUntil: new Date(),
    },
  });
  if (count > 0) await db.$queryRaw`SELECT pg_notify('mail', '')::text`;
  return count > 0;
}

/**
 * The member has another address: what has not been handed over goes there, also what a try is just making for the old one,
 * and what only whoever reads the old one has asked for goes nowhere any more.
 */
export async function readdressMailsOf(tx: Tx, { coachId, mode, memberId }: MemberKey): Promise<void> {
  const waiting = { coachId, mode, memberId, status: OPEN, handedOverAt: null };
  await tx.mail.updateMany({
    where: { ...waiting, kind: { in: ['sign_in_link', 'checkout_left'] satisfies DataMailKind[] } },
    data: {
      status: 'stale',
      reason: 'gone' satisfies MailReason,
      sealed: null,
      nextTryAt: null,
      endedAt: new Date(),
    },
  });
  // A letter of an earlier round is handed over by nobody.
  await tx.mail.updateMany({ where: waiting, data: { round: { increment: 1 } } });
}

/** What names a member in mails: part of the member's erasure. What has not been handed over never is. */
export async function forgetMailsOf(tx: Tx, { coachId, mode, memberId }: MemberKey): Promise<void> {
  const owned = { coachId, mode, memberId };
  await tx.mail.updateMany({ where: { ...owned, sealed: { not: null } }, data: { sealed: null } });
  await tx.mail.updateMany({
    where: { ...owned, status: OPEN, handedOverAt: null },
    data: {
      status: 'suppressed',
      reason: 'erased' satisfies MailReason,
      nextTryAt: null,
      endedAt: new Date(),
    },
  });
  await tx.mailSuppression.deleteMany({ where: owned });
}
