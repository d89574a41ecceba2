import { z } from 'zod';
import type { Tx } from '../../db/client';
import type { ConsoleUser, Person } from '../../db/generated/client';
import { newId as anId } from '../../domain/ids';
import { leavesAnOwner } from '../../domain/people';
import { type Role, ROLES } from '../../domain/permissions';
import { ProblemError } from '../../domain/problem';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { lockCoach } from '../../store/coach-lock';
import type { ApiDeps } from '../deps';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { pageArgs, pageOf } from '../http/paging';
import { email, id, listOf, mode, nothing, page, time } from '../http/schemas';
import { invitationMails } from './mails';

const TAG = 'People';
/** People of a coach in a mode; and invitations that are mailed in a day. */
const MOST = 100;
const DAY = 24 * 3600 * 1000;

const role = z.enum(ROLES).meta({
  description:
    'owner: all. finance: reads all, refunds, decides withdrawals. support: reads all, looks after members, memberships and gifts. read_only: reads all but keys, secrets, people and the audit log. `x-roles` of each operation has it to the letter',
});

const personSchema = z
  .object({
    id: z.string(),
    mode,
    userId: z.string().meta({ description: 'What the audit log calls them; one for all coaches and modes' }),
    email: z.string(),
    role,
    invitedAt: time,
    joinedAt: time
      .nullable()
      .meta({ description: 'When they first signed in since they were invited; null: not yet' }),
  })
  .meta({ id: 'Person' });

type Row = Person & { user: ConsoleUser };

const view = (row: Row) => ({
  id: row.id,
  mode: row.mode,
  userId: row.userId,
  email: row.user.email,
  role: row.role,
  invitedAt: isoTime(row.invitedAt),
  joinedAt: isoTimeOrNull(row.joinedAt),
});

/** Who signs in to the console for a coach in a mode, and as what. */
export function peopleRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  const mails = invitationMails(deps.config);
  const ofPerson = z.strictObject({ id: id('psn') });

  /** Under the lock of the coach: of two who take each other's role, one is the last owner. */
  async function change(auth: CoachAuth, personId: string, next: Role | null): Promise<Row> {
    const { coachId, mode: of } = auth;
    return db.$transaction(async (tx) => {
      await lockCoach(tx, coachId);
      const people = await tx.person.findMany({ where: { coachId, mode: of }, include: { user: true } });
      const person = people.find((one) => one.id === personId);
      if (person === undefined) throw new ProblemError('not_found', 'There is no person with this id.');
      const rule = people.map((one) => ({ id: one.id, role: one.role, hasJoined: one.joinedAt !== null }));
      if (!leavesAnOwner(rule, personId, next))
        throw new ProblemError(
          'last_owner',
          next === null
            ? 'This is the last owner, who cannot be removed.'
            : 'This is the last owner, who cannot have another role.',
          next === null ? {} : { field: 'role' },
        );
      const key = { coachId_mode_id: { coachId, mode: of, id: personId } };
      if (next !== null)
        return tx.person.update({ where: key, data: { role: next }, include: { user: true } });
      await tx.person.delete({ where: key });
      await signOutWhereNobodyIsLeft(tx, person.userId);
      return person;
    });
  }

  return [
    route({
      method: 'get',
      path: '/v1/people',
      tag: TAG,
      auth: 'coach',
      summary: 'List the people who sign in to the console',
      query: z.strictObject(page),
      answers: { 200: { description: 'A page of them, of this mode', schema: listOf(personSchema) } },
      async handler({ auth: { coachId, mode: of }, query }) {
        const { after, order } = pageArgs(query, { at: 'invitedAt', id: 'id' });
        const rows = await db.person.findMany({
          where: { coachId, mode: of, ...after },
          include: { user: true },
          ...order,
        });
        const placed = rows.map((row) => ({ ...row, createdAt: row.invitedAt }));
        return answer(200, pageOf(placed, query.limit, view));
      },
    }),
    route({
      method: 'post',
      path: '/v1/people',
      tag: TAG,
      auth: 'coach',
      summary: 'Invite somebody',
      description:
        'They get a mail that leads to the sign-in page, where a link is mailed to them whenever they ask: nothing in the invitation signs in by itself, so it has no end. For this mode alone.',
      body: z.strictObject({
        email,
        role,
        language: z
          .enum(['en', 'de'])
          .optional()
          .meta({ description: "Of the mail; the coach's choice unless told" }),
      }),
      answers: { 201: { description: 'The person', schema: personSchema } },
      problems: ['person_exists', 'too_many_people', 'mails_off'],
      async handler({ auth: { coachId, mode: of }, body, newId }) {
        if (mails === null)
          throw new ProblemError(
            'mails_off',
            'People sign in by a link in a mail, and no mails are sent here.',
          );
        const personId = newId('person');
        const row = await db.$transaction(async (tx) => {
          await lockCoach(tx, coachId);
          // A repetition after a crash finds whom the first try has invited.
          const done = await tx.person.findFirst({
            where: { coachId, mode: of, id: personId },
            include: { user: true },
          });
          if (done !== null) return done;
          await tx.consoleUser.createMany({
            data: [{ id: anId('user'), email: body.email }],
            skipDuplicates: true,
          });
          const user = await tx.consoleUser.findUniqueOrThrow({ where: { email: body.email } });
          const [present, people, mailed] = await Promise.all([
            tx.person.findFirst({ where: { coachId, mode: of, userId: user.id } }),
            tx.person.count({ where: { coachId, mode: of } }),
            tx.mail.count({
              where: { coachId, mode: of, kind: 'invited', createdAt: { gt: new Date(Date.now() - DAY) } },
            }),
          ]);
          if (present !== null)
            throw new ProblemError('person_exists', 'Somebody with this address is here already.', {
              field: 'email',
              personId: present.id,
            });
          if (people >= MOST || mailed >= MOST)
            throw new ProblemError(
              'too_many_people',
              people >= MOST ? `There are ${MOST} people already.` : `${MOST} were invited within a day.`,
            );
          const made = await tx.person.create({
            data: { coachId, mode: of, id: personId, userId: user.id, role: body.role },
            include: { user: true },
          });
          await mails.invite(tx, { person: made, email: user.email, language: body.language });
          return made;
        });
        return answer(201, view(row));
      },
    }),
    route({
      method: 'patch',
      path: '/v1/people/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Give a person another role, from their next request on',
      params: ofPerson,
      body: z.strictObject({ role }),
      answers: { 200: { description: 'The person', schema: personSchema } },
      problems: ['last_owner'],
      handler: async ({ auth, params, body }) => answer(200, view(await change(auth, params.id, body.role))),
    }),
    route({
      method: 'post',
      path: '/v1/people/{id}/remove',
      tag: TAG,
      auth: 'coach',
      summary: 'Remove a person, from their next request on',
      description: 'In this mode. Who has no coach left is signed out. What they did stays in the audit log.',
      params: ofPerson,
      body: nothing,
      answers: { 200: { description: 'Whom it was', schema: personSchema } },
      problems: ['last_owner'],
      handler: async ({ auth, params }) => answer(200, view(await change(auth, params.id, null))),
    }),
  ];
}

/** Sessions say by themselves what somebody may; those of nobody are of no use. */
async function signOutWhereNobodyIsLeft(tx: Tx, userId: string): Promise<void> {
  if ((await tx.person.count({ where: { userId } })) > 0) return;
  await tx.consoleSession.deleteMany({ where: { userId } });
  await tx.consoleLink.deleteMany({ where: { userId } });
}
