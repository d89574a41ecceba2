import { createHmac } from 'node:crypto';
import type { Db, Tx } from '../../db/client';
import { hashToken, newToken } from '../../domain/ids';
import type { Mode } from '../../domain/mode';
import type { Role } from '../../domain/permissions';
import { lockCoach } from '../../store/coach-lock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Milliseconds without a request after which a session is over. */
const IDLE = 12 * HOUR;
/** Milliseconds after which it is over whatever happens; the cookie is kept as long. */
export const LIFETIME = 7 * 24 * HOUR;
/** Milliseconds that a link which was mailed can be used. */
const LINK_LIFETIME = 15 * MINUTE;
/** Milliseconds between two writes of the last request. */
const SEEN_STEP = MINUTE;

/** A mode to sign in to, with the API key that opens it; null: a link of the platform, or a person. */
export interface OpenedMode {
  mode: Mode;
  keyId: string | null;
}

/** A coach whom a session may work for, with the modes that are open. */
export interface OpenedCoach {
  id: string;
  name: string;
  /** Never empty. */
  modes: (OpenedMode & { role: Role })[];
}

/** A browser that is signed in, as far as the API is concerned. */
export interface Session {
  /** What it is called in the list of sessions; opens nothing. */
  id: string;
  /** Whom it may work for: one coach by a key or a link, all of a person's by their address; never empty. */
  coaches: OpenedCoach[];
  /** Who signed in with an e-mail address; null: a key or a link of the platform did. */
  user: { id: string; email: string } | null;
  /** Somebody of the platform's, by a link that says so; never by a key of the coach's. */
  operator: boolean;
  /** What every request that changes something has to repeat: another site cannot read it. */
  csrfToken: string;
}

/** A part of what is stored: enough to tell sessions apart, not enough to be one. */
const idOf = (hash: string) => hash.slice(0, ID_LENGTH);
const ID_LENGTH = 24;

/** What a session is read with: who has signed in, and what they may do now. */
const WITH_COACHES = {
  include: { people: { include: { coach: true }, orderBy: { invitedAt: 'asc' } } },
} as const;
const WITH = {
  coach: { select: { id: true, name: true } },
  user: WITH_COACHES,
  modes: { include: { key: true }, orderBy: { mode: 'asc' } },
} as const;

const isFirst = ({ id }: { id: string }, index: number, all: { id: string }[]): boolean =>
  all.findIndex((other) => other.id === id) === index;
const hasModes = ({ modes }: OpenedCoach): boolean => modes.length > 0;

/** Which sessions somebody may see and end: an owner those of the coach, anybody else their own. */
export interface Sight {
  coachId: string;
  /** The session of who asks. */
  sessionId: string;
  /** Of who is no owner: their own, by their user; null: this session alone. */
  own: false | { userId: string | null };
}

function inSight({ coachId, sessionId, own }: Sight) {
  if (own === false) return { OR: [{ coachId }, { user: { people: { some: { coachId } } } }] };
  return own.userId === null ? { hash: { startsWith: sessionId } } : { userId: own.userId };
}

/** Bound to the cookie, and says nothing about it: a secret that needs no column. */
const csrfTokenOf = (token: string) => createHmac('sha256', token).update('csrf').digest('base64url');

const alive = () => {
  const now = Date.now();
  return { createdAt: { gt: new Date(now - LIFETIME) }, seenAt: { gt: new Date(now - IDLE) } };
};

/** Who is signed in to the console. A session is a random token in a cookie; what is stored of it is its hash. */
export function createSessions(db: Db) {
  const read = (at: Db | Tx, token: string) =>
    at.consoleSession.findFirst({ where: { hash: hashToken(token), ...alive() }, include: WITH });
  type Row = NonNullable<Awaited<ReturnType<typeof read>>>;

  const isStanding = ({ key }: Row['modes'][number]) => key === null || key.revokedAt === null;
  /** By keys and links: those whose key is not revoked. */
  const standing = (row: Row): OpenedCoach['modes'] =>
    row.modes
      .filter(isStanding)
      .map(({ mode, keyId, key }) => ({ mode, keyId, role: key === null ? 'owner' : key.role }));

  /** As things stand: who was removed, or has another role, has it from the next request on. */
  function coachesOf(row: Row): OpenedCoach[] {
    if (row.coach !== null) return [{ ...row.coach, modes: standing(row) }].filter(hasModes);
    const coaches = new Map<string, OpenedCoach>();
    for (const { coach, mode, role } of row.user?.people ?? []) {
      const present = coaches.get(coach.id) ?? { id: coach.id, name: coach.name, modes: [] };
      present.modes.push({ mode, keyId: null, role });
      coaches.set(coach.id, present);
    }
    return [...coaches.values()];
  }

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
        ? standing(before)
            .filter(({ mode }) => modes.every((opened) => opened.mode !== mode))
            .map(({ mode, keyId }) => ({ mode, keyId }))
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

  /** Uses a person's link up. They have joined whoever has invited them, as of now. */
  async function openOfUser(
    tx: Tx,
    userId: string,
    link: string,
    present: string | undefined,
  ): Promise<string | null> {
    const { count } = await tx.consoleLink.deleteMany({ where: usable(link) });
    if (count !== 1) return null;
    const token = newToken();
    if (present !== undefined) await tx.consoleSession.deleteMany({ where: { hash: hashToken(present) } });
    await tx.person.updateMany({ where: { userId, joinedAt: null }, data: { joinedAt: new Date() } });
    await tx.consoleSession.create({ data: { hash: hashToken(token), userId } });
    return token;
  }

  return {
    /** The session of a cookie; null when it is unknown, over, or has no mode left. */
    async find(token: string | undefined): Promise<Session | null> {
      if (token === undefined) return null;
      const row = await read(db, token);
      if (row === null) return null;
      const coaches = coachesOf(row);
      if (coaches.length === 0) return null;
      const now = Date.now();
      if (now - row.seenAt.getTime() > SEEN_STEP)
        await db.consoleSession.updateMany({ where: { hash: row.hash }, data: { seenAt: new Date(now) } });
      return {
        id: idOf(row.hash),
        coaches,
        user: row.user === null ? null : { id: row.user.id, email: row.user.email },
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

    /** Those in sight that are not over, the one that was used last first. */
    async list(sight: Sight) {
      const rows = await db.consoleSession.findMany({
        where: { ...inSight(sight), ...alive() },
        include: WITH,
        orderBy: [{ seenAt: 'desc' }, { hash: 'asc' }],
      });
      return rows.flatMap((row) => {
        const modes = coachesOf(row).find(({ id }) => id === sight.coachId)?.modes ?? [];
        const lastFour = (keyId: string | null) =>
          row.modes.find(({ key }) => keyId !== null && key?.id === keyId)?.key?.lastFour ?? null;
        return modes.length === 0
          ? []
          : {
              id: idOf(row.hash),
              createdAt: row.createdAt,
              seenAt: row.seenAt,
              email: row.user?.email ?? null,
              modes: modes.map(({ mode, keyId }) => ({ mode, keyLastFour: lastFour(keyId) })),
            };
      });
    },

    /** Ends one session that is in sight; false when there is none of that id. */
    async end(sight: Sight, sessionId: string): Promise<boolean> {
      if (sessionId.length !== ID_LENGTH) return false;
      const { count } = await db.consoleSession.deleteMany({
        where: { AND: [inSight(sight), { hash: { startsWith: sessionId } }] },
      });
      return count > 0;
    },

    /** Ends all sessions in sight but this one; how many there were. */
    async endOthers(sight: Sight): Promise<number> {
      const { count } = await db.consoleSession.deleteMany({
        where: { AND: [inSight(sight), { NOT: { hash: { startsWith: sight.sessionId } } }] },
      });
      return count;
    },

    /** A link that signs a person in once, for a quarter of an hour. */
    async createUserLink(tx: Tx, userId: string): Promise<{ token: string; expiresAt: Date }> {
      const token = newToken();
      const expiresAt = new Date(Date.now() + LINK_LIFETIME);
      await tx.consoleLink.create({ data: { hash: hashToken(token), userId, modes: [], expiresAt } });
      return { token, expiresAt };
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
    async findLink(token: string) {
      const link = await db.consoleLink.findFirst({
        where: usable(token),
        include: { coach: true, user: WITH_COACHES },
      });
      if (link === null) return null;
      const { hash, coach, user } = link;
      const people = user?.people.map((person) => person.coach) ?? [];
      const coaches = coach === null ? people.filter(isFirst) : [coach];
      return coaches.length === 0 ? null : { hash, coaches, user };
    },

    /**
     * Uses a link up, signs in by it, and answers the cookie's new value; null when it is unknown, used or too old. Under
     * the lock that revoking a key takes: a link that revoking ends is not followed a moment later.
     */
    async openByLink(token: string, present: string | undefined): Promise<string | null> {
      const link = await db.consoleLink.findFirst({ where: usable(token) });
      if (link === null) return null;
      const { userId, coachId } = link;
      if (userId !== null) return db.$transaction((tx) => openOfUser(tx, userId, token, present));
      if (coachId === null) return null;
      return db.$transaction(async (tx) => {
        await lockCoach(tx, coachId);
        const { count } = await tx.consoleLink.deleteMany({ where: usable(token) });
        if (count !== 1) return null;
        const modes = link.modes.map((mode) => ({ mode, keyId: null }));
        return openIn(tx, coachId, { modes, operator: link.operator }, present);
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
