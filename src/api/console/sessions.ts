import { createHmac } from 'node:crypto';
import type { Db } from '../../db/client';
import type { Coach } from '../../db/generated/client';
import { hashToken, newToken } from '../../domain/ids';
import type { Mode } from '../../domain/mode';

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
  coach: Pick<Coach, 'id' | 'name'>;
  /** Those whose key is not revoked; never empty. */
  modes: OpenedMode[];
  /** What every request that changes something has to repeat: another site cannot read it. */
  csrfToken: string;
}

/** Bound to the cookie, and says nothing about it: a secret that needs no column. */
const csrfTokenOf = (token: string) => createHmac('sha256', token).update('csrf').digest('base64url');

const alive = () => {
  const now = Date.now();
  return { createdAt: { gt: new Date(now - LIFETIME) }, seenAt: { gt: new Date(now - IDLE) } };
};

/** Who is signed in to the console. A session is a random token in a cookie; what is stored of it is its hash. */
export function createSessions(db: Db) {
  const read = (token: string) =>
    db.consoleSession.findFirst({
      where: { hash: hashToken(token), ...alive() },
      include: { coach: true, modes: { include: { key: true }, orderBy: { mode: 'asc' } } },
    });

  const standing = (row: NonNullable<Awaited<ReturnType<typeof read>>>): OpenedMode[] =>
    row.modes
      .filter(({ key }) => key === null || key.revokedAt === null)
      .map(({ mode, keyId }) => ({ mode, keyId }));

  return {
    /** The session of a cookie; null when it is unknown, over, or has no mode left. */
    async find(token: string | undefined): Promise<Session | null> {
      if (token === undefined) return null;
      const row = await read(token);
      if (row === null) return null;
      const modes = standing(row);
      if (modes.length === 0) return null;
      const now = Date.now();
      if (now - row.seenAt.getTime() > SEEN_STEP)
        await db.consoleSession.updateMany({ where: { hash: row.hash }, data: { seenAt: new Date(now) } });
      return { coach: row.coach, modes, csrfToken: csrfTokenOf(token) };
    },

    /**
     * Signs a coach in, and answers the cookie's new value. The session that the browser had ends: of the same coach, its
     * other mode goes over into the new one, which lives no longer for it. A value that somebody planted in the browser
     * before therefore never becomes a signed-in one.
     */
    async open(coachId: string, modes: readonly OpenedMode[], present: string | undefined): Promise<string> {
      const token = newToken();
      const before = present === undefined ? null : await read(present);
      const carried =
        before?.coachId === coachId
          ? standing(before).filter(({ mode }) => modes.every((opened) => opened.mode !== mode))
          : [];
      await db.$transaction(async (tx) => {
        if (before !== null) await tx.consoleSession.deleteMany({ where: { hash: before.hash } });
        await tx.consoleSession.create({
          data: {
            hash: hashToken(token),
            coachId,
            ...(before !== null && carried.length > 0 ? { createdAt: before.createdAt } : {}),
            modes: { create: [...modes, ...carried] },
          },
        });
      });
      return token;
    },

    async close(token: string): Promise<void> {
      await db.consoleSession.deleteMany({ where: { hash: hashToken(token) } });
    },

    /** A link that signs in once. @param lifetime milliseconds */
    async createLink(
      coachId: string,
      modes: Mode[],
      lifetime: number,
    ): Promise<{ token: string; expiresAt: Date }> {
      const token = newToken();
      const expiresAt = new Date(Date.now() + lifetime);
      await db.consoleLink.create({ data: { hash: hashToken(token), coachId, modes, expiresAt } });
      return { token, expiresAt };
    },

    /** Uses a link up; null when it is unknown, used or too old. */
    async takeLink(token: string): Promise<{ coachId: string; modes: Mode[] } | null> {
      const where = { hash: hashToken(token), expiresAt: { gt: new Date() } };
      const link = await db.consoleLink.findFirst({ where });
      if (link === null) return null;
      const { count } = await db.consoleLink.deleteMany({ where });
      return count === 1 ? link : null;
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;

/** Deletes sessions that are over, and links that nobody used. */
export async function forgetOldSessions(db: Db): Promise<void> {
  await db.consoleSession.deleteMany({ where: { NOT: alive() } });
  await db.consoleLink.deleteMany({ where: { expiresAt: { lte: new Date() } } });
}
