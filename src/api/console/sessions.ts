import { createHmac } from 'node:crypto';
import type { Db, Tx } from '../../db/client';
import type { Coach } from '../../db/generated/client';
import { hashToken, newToken } from '../../domain/ids';
import type { Mode } from '../../domain/mode';
import { lockCoach } from '../../store/coach-lock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Milliseconds without a request after which a session is over. */
const IDLE = 12 * HOUR;
/** Milliseconds after which it is over whatever happens; the cookie is kept as long. */
export const LIFETIME = 7 * 24 * HOUR;
/** Milliseconds between two writes of the last request. */
const SEEN_STEP = MINUTE;

/** A mode to sign in to, with the API key that opens it; null: a link of the platform. */
export interface OpenedMode {
  mode: Mode;
  keyId: string | null;
}

/** A browser that is signed in, as far as the API is concerned. */
export interface Session {
  /** What it is called in the list of sessions; opens nothing. */
  id: string;
  coach: Pick<Coach, 'id' | 'name'>;
  /** Those whose key is not revoked; never empty. */
  modes: OpenedMode[];
  /** Somebody of the platform's, by a link that says so; never by a key of the coach's. */
  operator: boolean;
  /** What every request that changes something has to repeat: another site cannot read it. */
  csrfToken: string;
}

/** A part of what is stored: enough to tell sessions apart, not enough to be one. */
const idOf = (hash: string) => hash.slice(0, ID_LENGTH);
const ID_LENGTH = 24;

/** Bound to the cookie, and says nothing about it: a secret that needs no column. */
const csrfTokenOf = (token: string) => createHmac('sha256', token).update('csrf').digest('base64url');

const alive = () => {
  const now = Date.now();
  return { createdAt: { gt: new Date(now - LIFETIME) }, seenAt: { gt: new Date(now - IDLE) } };
};

/** Who is signed in to the console. A session is a random token in a cookie; what is stored of it is its hash. */
export function createSessions(db: Db) {
  const read = (at: Db | Tx, token: string) =>
    at.consoleSession.findFirst({
      where: { hash: hashToken(token), ...alive() },
      include: { coach: true, modes: { include: { key: true }, orderBy: { mode: 'asc' } } },
    });
  type Row = NonNullable<Awaited<ReturnType<typeof read>>>;

  const isStanding = ({ key }: Row['modes'][number]) => key === null || key.revokedAt === null;
  const standing = (row: Row): OpenedMode[] =>
    row.modes.filter(isStanding).map(({ mode, keyId }) => ({ mode, keyId }));

  async function openIn(
    tx: Tx,
    coachId: string,
    { modes, operator }: { modes: readonly OpenedMode[]; operator: boolean },
    present: string | undefined,
  ): Promise<string> {
    const token = newToken();
    const before = present === undefined ? null : await read(tx, present);
    const carried =
      before?.coachId === coachId
        ? standing(before).filter(({ mode }) => modes.every((opened) => opened.mode !== mode))
        : [];
    if (before !== null) await tx.consoleSession.deleteMany({ where: { hash: before.hash } });
    await tx.consoleSession.create({
      data: {
        hash: hashToken(token),
        coachId,
        operator,
        ...(before !== null && carried.length > 0 ? { createdAt: before.createdAt } : {}),
        modes: { create: [...modes, ...carried] },
      },
    });
    return token;
  }

  return {
    /** The session of a cookie; null when it is unknown, over, or has no mode left. */
    async find(token: string | undefined): Promise<Session | null> {
      if (token === undefined) return null;
      const row = await read(db, token);
      if (row === null) return null;
      const modes = standing(row);
      if (modes.length === 0) return null;
      const now = Date.now();
      if (now - row.seenAt.getTime() > SEEN_STEP)
        await db.consoleSession.updateMany({ where: { hash: row.hash }, data: { seenAt: new Date(now) } });
      return {
        id: idOf(row.hash),
        coach: row.coach,
        modes,
        operator: row.operator,
        csrfToken: csrfTokenOf(token),
      };
    },

    /**
     * Signs a coach in, and answers the cookie's new value. The session that the browser had ends: of the same coach, its
     * other mode goes over into the new one, which lives no longer for it. A value that somebody planted in the browser
     * before therefore never becomes a signed-in one.
     */
    open: (coachId: string, modes: readonly OpenedMode[], present: string | undefined): Promise<string> =>
      db.$transaction((tx) => openIn(tx, coachId, { modes, operator: false }, present)),

    async close(token: string): Promise<void> {
      await db.consoleSession.deleteMany({ where: { hash: hashToken(token) } });
    },

    /** Those of a coach that are not over, the one that was used last first. */
    async list(coachId: string) {
      const rows = await db.consoleSession.findMany({
        where: { coachId, ...alive() },
        include: { coach: true, modes: { include: { key: true }, orderBy: { mode: 'asc' } } },
        orderBy: [{ seenAt: 'desc' }, { hash: 'asc' }],
      });
      return rows
        .filter((row) => standing(row).length > 0)
        .map((row) => ({
          id: idOf(row.hash),
          createdAt: row.createdAt,
          seenAt: row.seenAt,
          modes: row.modes
            .filter(isStanding)
            .map(({ mode, key }) => ({ mode, keyLastFour: key?.lastFour ?? null })),
        }));
    },

    /** Ends one session of a coach; false when there is none of that id. */
    async end(coachId: string, sessionId: string): Promise<boolean> {
      if (sessionId.length !== ID_LENGTH) return false;
      const { count } = await db.consoleSession.deleteMany({
        where: { coachId, hash: { startsWith: sessionId } },
      });
      return count > 0;
    },

    /** Ends all sessions of a coach but one; how many there were. */
    async endOthers(coachId: string, sessionId: string): Promise<number> {
      const { count } = await db.consoleSession.deleteMany({
        where: { coachId, NOT: { hash: { startsWith: sessionId } } },
      });
      return count;
    },

    /** A link that signs in once. @param lifetime milliseconds */
    async createLink(
      coachId: string,
      { modes, operator }: { modes: Mode[]; operator: boolean },
      lifetime: number,
    ): Promise<{ token: string; expiresAt: Date }> {
      const token = newToken();
      const expiresAt = new Date(Date.now() + lifetime);
      await db.consoleLink.create({ data: { hash: hashToken(token), coachId, modes, operator, expiresAt } });
      return { token, expiresAt };
    },

    /** What a link would sign in to; uses nothing up. Null when it is unknown, used or too old. */
    findLink: (token: string) => db.consoleLink.findFirst({ where: usable(token), include: { coach: true } }),

    /**
     * Uses a link up, signs in by it, and answers the cookie's new value; null when it is unknown, used or too old. Under
     * the lock that revoking a key takes: a link that revoking ends is not followed a moment later.
     */
    async openByLink(token: string, present: string | undefined): Promise<string | null> {
      const link = await db.consoleLink.findFirst({ where: usable(token) });
      if (link === null) return null;
      return db.$transaction(async (tx) => {
        await lockCoach(tx, link.coachId);
        const { count } = await tx.consoleLink.deleteMany({ where: usable(token) });
        if (count !== 1) return null;
        const modes = link.modes.map((mode) => ({ mode, keyId: null }));
        return openIn(tx, link.coachId, { modes, operator: link.operator }, present);
      });
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;

const usable = (token: string) => ({ hash: hashToken(token), expiresAt: { gt: new Date() } });

/**
 * Where the last key of a mode was revoked, nobody is to be in there any more: what links have opened ends, and so do the
 * links. A new link of the platform opens the mode again.
 */
export async function endWhatLinksOpened(tx: Tx, coachId: string, mode: Mode): Promise<void> {
  if ((await tx.apiKey.count({ where: { coachId, mode, revokedAt: null } })) > 0) return;
  await tx.consoleSessionMode.deleteMany({ where: { coachId, mode, keyId: null } });
  await tx.consoleLink.deleteMany({ where: { coachId, modes: { has: mode } } });
}

/** Deletes sessions that are over, and links that nobody used. */
export async function forgetOldSessions(db: Db): Promise<void> {
  await db.consoleSession.deleteMany({ where: { NOT: alive() } });
  await db.consoleLink.deleteMany({ where: { expiresAt: { lte: new Date() } } });
}
