import { createHash, createHmac } from 'node:crypto';
import type { Db } from '../../db/client';
import { decrypt, encrypt } from '../../db/encryption';
import { isPresent, type Presence } from '../../db/presence';
import { ProblemError } from '../../domain/problem';
import type { IdKind } from '../../domain/ids';
import { idFromSeed, newId, newToken } from '../../domain/ids';

/** Milliseconds that an answer is kept. */
const KEPT = 24 * 3600 * 1000;
/**
 * Milliseconds after which a request that never ended may be taken over, though its process seems to be there; that of a
 * process which is gone may be at once.
 */
const LOCKED = 120_000;
/** Milliseconds before a key that could not be let go is tried again. */
const LET_GO_AGAIN = 1000;

/** One request under its key: where its ids come from, and where its answer goes. */
export interface Attempt {
  newId(kind: IdKind): string;
  requestId: string;
  /** An earlier try of it came to no end that anybody knows of: it may have done all that it was to do. */
  isTakenOver: boolean;
  /** Keeps the answer for repetitions. */
  finish(status: number, body: unknown): Promise<void>;
  /**
   * Lets the key go without an answer (a 5xx), so that a repetition tries again, with the same ids: it finds what this
   * try left. Never throws: while the database is away it is let go as soon as that is back.
   */
  letGo(): Promise<void>;
}

export type Begun = { replay: { status: number; body: unknown } } | { attempt: Attempt };

/** A request without a key: random ids, nothing kept. */
export function unkeyedAttempt(): Attempt {
  let requestId: string | undefined;
  return {
    newId,
    // Most requests only read, and name themselves to nobody.
    get requestId() {
      return (requestId ??= newToken());
    },
    isTakenOver: false,
    finish: () => Promise.resolve(),
    letGo: () => Promise.resolve(),
  };
}

/** SHA-256 of what makes two requests the same. */
export function fingerprintOf(method: string, path: string, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([method, path, body ?? null]))
    .digest('hex');
}

/** The `Idempotency-Key` of a request: 1 to 255 visible characters. @throws ProblemError `invalid_request` */
export function checkKey(key: string): string {
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new ProblemError(
      'invalid_request',
      'The Idempotency-Key is not 1 to 255 visible ASCII characters.',
      {
        field: 'Idempotency-Key',
      },
    );
  return key;
}

const PAST = new Date(0);

/** The first try is waited for; those that follow it are nobody's to wait for, and end when they have become moot. */
async function untilDone(work: () => Promise<unknown>, moot: Date): Promise<void> {
  try {
    await work();
  } catch {
    if (Date.now() < moot.getTime()) setTimeout(() => void untilDone(work, moot), LET_GO_AGAIN).unref();
  }
}

/** What a stored answer belongs to: the key may come again for another request once it is forgotten. */
const nameOf = (scope: string, key: string, createdAt: Date) => `${scope}\n${key}\n${createdAt.getTime()}`;

/**
 * The stored answers of `Idempotency-Key`, per scope (a coach in a mode, or the platform). Answers are kept encrypted:
 * some carry a secret that is shown once. https://docs.stripe.com/api/idempotent_requests describes the behaviour.
 */
export function createIdempotency(db: Db, encryptionKey: Buffer, presence: Presence) {
  const attempt = (
    scope: string,
    key: string,
    createdAt: Date,
    lockedUntil: Date,
    isTakenOver: boolean,
  ): Attempt => {
    const named = nameOf(scope, key, createdAt);
    const seed = createHmac('sha256', encryptionKey).update(named).digest('base64url');
    const mine = { scope, key, status: null, lockedUntil };
    return {
      newId: (kind) => idFromSeed(kind, seed),
      requestId: seed,
      isTakenOver,
      async finish(status, body) {
        await db.idempotencyRecord.updateMany({
          where: mine,
          data: { status, body: { sealed: encrypt(encryptionKey, JSON.stringify(body ?? null), named) } },
        });
      },
      letGo: () =>
        untilDone(
          () => db.idempotencyRecord.updateMany({ where: mine, data: { lockedUntil: PAST } }),
          lockedUntil,
        ),
    };
  };

  /** Whether the process that works on a request may still be there; of one without a number nobody knows. */
  const isHeld = async (holder: number | null): Promise<boolean> => holder === null || isPresent(db, holder);

  /**
   * Takes the key for this request, or answers with what the first request got.
   * @throws ProblemError `idempotency_key_reused` for another request, `idempotency_in_progress` while the first runs.
   */
  return async function begin(scope: string, key: string, fingerprint: string): Promise<Begun> {
    for (;;) {
      const now = new Date();
      const lockedUntil = new Date(now.getTime() + LOCKED);
      const inserted = await db.idempotencyRecord.createMany({
        data: [{ scope, key, fingerprint, lockedUntil, createdAt: now, holder: presence.number() }],
        skipDuplicates: true,
      });
      if (inserted.count === 1) return { attempt: attempt(scope, key, now, lockedUntil, false) };

      const record = await db.idempotencyRecord.findUnique({ where: { scope_key: { scope, key } } });
      if (record === null) continue;
      if (now.getTime() - record.createdAt.getTime() > KEPT && record.lockedUntil < now) {
        await db.idempotencyRecord.deleteMany({ where: { scope, key, createdAt: record.createdAt } });
        continue;
      }
      if (record.fingerprint !== fingerprint)
        throw new ProblemError(
          'idempotency_key_reused',
          'This Idempotency-Key was used for a different request.',
          {
            field: 'Idempotency-Key',
          },
        );
      if (record.status !== null) {
        const { sealed } = record.body as { sealed: string };
        return {
          replay: {
            status: record.status,
            body: JSON.parse(decrypt(encryptionKey, sealed, nameOf(scope, key, record.createdAt))) as unknown,
          },
        };
      }
      if (record.lockedUntil >= now && (await isHeld(record.holder)))
        throw new ProblemError(
          'idempotency_in_progress',
          'The first request with this Idempotency-Key is not finished yet.',
        );
      const taken = await db.idempotencyRecord.updateMany({
        where: { scope, key, status: null, lockedUntil: record.lockedUntil },
        data: { lockedUntil, holder: presence.number() },
      });
      if (taken.count === 1) return { attempt: attempt(scope, key, record.createdAt, lockedUntil, true) };
    }
  };
}

export type BeginIdempotent = ReturnType<typeof createIdempotency>;
