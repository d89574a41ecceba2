import type { Db, Tx } from '../../db/client';
import type { Member } from '../../db/generated/client';
import { hashToken, newToken } from '../../domain/ids';
import type { Mode } from '../../domain/mode';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Milliseconds without a request after which a session is over. */
const IDLE = 2 * HOUR;
/** Milliseconds after which it is over whatever happens; the cookie is kept as long. */
export const LIFETIME = 24 * HOUR;
/** Milliseconds between two writes of the last request. */
const SEEN_STEP = MINUTE;
/** Milliseconds that a link which was mailed can be used. */
export const LINK_LIFETIME = 15 * MINUTE;

/** Whose page it is. */
export interface PageOf {
  coachId: string;
  mode: Mode;
}

/** A browser in which a member is signed in to their page with one coach, in one mode. */
export interface MemberSession {
  /** The cookie itself; it signs the forms of the page. */
  token: string;
  member: Member;
}

const alive = () => {
  const now = Date.now();
  return { createdAt: { gt: new Date(now - LIFETIME) }, seenAt: { gt: new Date(now - IDLE) } };
};

const usable = ({ coachId, mode }: PageOf, token: string) => ({
  hash: hashToken(token),
  coachId,
  mode,
  expiresAt: { gt: new Date() },
  member: { erasedAt: null },
});

/** Who is signed in to a member's page. Sessions and links are random tokens, of which only the hash is stored. */
export function createMemberSessions(db: Db) {
  const findLink = (of: PageOf, token: string) =>
    db.memberLink.findFirst({ where: usable(of, token), include: { member: true } });

  async function openIn(tx: Tx, member: Member, present: string | undefined): Promise<string> {
    const token = newToken();
    const { id: memberId, coachId, mode } = member;
    // A value that somebody planted in the browser before never becomes a signed-in one.
    if (present !== undefined) await tx.memberSession.deleteMany({ where: { hash: hashToken(present) } });
    await tx.memberSession.create({ data: { hash: hashToken(token), coachId, mode, memberId } });
    return token;
  }

  return {
    /** The session of a cookie; null when it is unknown, over, of another page, or its member was erased. */
    async find({ coachId, mode }: PageOf, token: string | undefined): Promise<MemberSession | null> {
      if (token === undefined) return null;
      const row = await db.memberSession.findFirst({
        where: { hash: hashToken(token), coachId, mode, member: { erasedAt: null }, ...alive() },
        include: { member: true },
      });
      if (row === null) return null;
      const now = Date.now();
      if (now - row.seenAt.getTime() > SEEN_STEP)
        await db.memberSession.updateMany({ where: { hash: row.hash }, data: { seenAt: new Date(now) } });
      return { token, member: row.member };
    },

    /** Signs a member in, and answers the cookie's value. The session that the browser had ends. */
    open: (member: Member, present: string | undefined): Promise<string> =>
      db.$transaction((tx) => openIn(tx, member, present)),

    async close(token: string): Promise<void> {
      await db.memberSession.deleteMany({ where: { hash: hashToken(token) } });
    },

    /** A link that signs a member in once, for a quarter of an hour. Answers its token. */
    async createLink(tx: Tx | Db, { id: memberId, coachId, mode }: Member): Promise<string> {
      const token = newToken();
      const expiresAt = new Date(Date.now() + LINK_LIFETIME);
      await tx.memberLink.create({ data: { hash: hashToken(token), coachId, mode, memberId, expiresAt } });
      return token;
    },

    /** Whom a link would sign in; uses nothing up. Null when it is unknown, used or too old. */
    findLink,

    /** Uses a link up and signs in by it. Answers the cookie's value; null when it is unknown, used or too old. */
    async openByLink(of: PageOf, token: string, present: string | undefined): Promise<string | null> {
      const link = await findLink(of, token);
      if (link === null) return null;
      return db.$transaction(async (tx) => {
        const { count } = await tx.memberLink.deleteMany({ where: { hash: hashToken(token) } });
        if (count !== 1) return null;
        return openIn(tx, link.member, present);
      });
    },
  };
}

export type MemberSessions = ReturnType<typeof createMemberSessions>;

/** Deletes sessions that are over, and links that nobody used. */
export async function forgetOldMemberSessions(db: Db): Promise<void> {
  await db.memberSession.deleteMany({ where: { NOT: alive() } });
  await db.memberLink.deleteMany({ where: { expiresAt: { lte: new Date() } } });
}
