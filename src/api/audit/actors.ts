import { z } from 'zod';
import type { Db } from '../../db/client';
import { AuditActor } from '../../db/generated/enums';

/** Who did something, as they are known now. */
export const actorSchema = z.object({
  kind: z.enum(AuditActor).meta({
    description:
      'A person, an API key, whoever a link of the platform signed in (`operator`: somebody of the platform), or the platform itself',
  }),
  id: z.string().nullable(),
  email: z.string().nullable().meta({ description: 'Of a person, as they are known now' }),
  key: z.string().nullable().meta({ description: 'Of a key: its name, or its last four characters' }),
});

interface Stored {
  kind: AuditActor;
  id: string | null;
}

/** Shows one of those who were asked for. */
export type ActorView = (kind: AuditActor, id: string | null) => z.input<typeof actorSchema>;

/** Reads what several are called, by two statements. */
export async function actorsOf(db: Db, actors: readonly Stored[]): Promise<ActorView> {
  const ids = (of: AuditActor) => [
    ...new Set(actors.flatMap(({ kind, id }) => (kind === of && id !== null ? [id] : []))),
  ];
  const [users, keys] = await Promise.all([
    db.consoleUser.findMany({ where: { id: { in: ids('user') } } }),
    db.apiKey.findMany({ where: { id: { in: ids('key') } } }),
  ]);
  const emails = new Map(users.map(({ id, email }) => [id, email]));
  const names = new Map(keys.map(({ id, name, lastFour }) => [id, name ?? `…${lastFour}`]));
  return (kind, id) => ({
    kind,
    id,
    email: emails.get(id ?? '') ?? null,
    key: names.get(id ?? '') ?? null,
  });
}
