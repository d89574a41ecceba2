import { z } from 'zod';
import type { Db } from '../../db/client';
import type { MemberNote } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { actorSchema, actorsOf } from '../audit/actors';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { id, listOf, nothing, page, text, time } from '../http/schemas';
import { findMember, findPresentMember } from './records';

const TAG = 'Members and access';
const NOBODY = 'There is no member with this id.';
const words = text(5000);

const noteSchema = z
  .object({
    id: z.string().meta({ example: 'mnt_3kTMd0fWbJ9xQeN4vYzA' }),
    memberId: z.string(),
    text: z.string(),
    author: actorSchema,
    createdAt: time,
    editedAt: time.nullable(),
    editor: actorSchema.nullable().meta({ description: 'Who changed it last' }),
  })
  .meta({ id: 'MemberNote' });

async function viewer(db: Db, notes: readonly MemberNote[]) {
  const show = await actorsOf(
    db,
    notes.flatMap(({ author, authorId, editor, editorId }) => [
      { kind: author, id: authorId },
      ...(editor === null ? [] : [{ kind: editor, id: editorId }]),
    ]),
  );
  return (note: MemberNote): z.input<typeof noteSchema> => ({
    id: note.id,
    memberId: note.memberId,
    text: note.text,
    author: show(note.author, note.authorId),
    createdAt: isoTime(note.createdAt),
    editedAt: isoTimeOrNull(note.editedAt),
    editor: note.editor === null ? null : show(note.editor, note.editorId),
  });
}

/** What the people of a coach write down about a member, for each other: the member is not shown it, but given it. */
export function memberNoteRoutes({ db }: ApiDeps): Route[] {
  const one = async (note: MemberNote) => (await viewer(db, [note]))(note);
  const expectNote = async ({ coachId, mode }: CoachAuth, noteId: string): Promise<MemberNote> => {
    const note = await db.memberNote.findFirst({ where: { coachId, mode, id: noteId } });
    if (note === null) throw new ProblemError('not_found', 'There is no note with this id.');
    return note;
  };
  const expectMember = async (auth: CoachAuth, memberId: string) => {
    const member = await findPresentMember(db, auth, memberId);
    if (member === null) throw new ProblemError('not_found', NOBODY);
    return member;
  };
  const ofMember = z.strictObject({ id: id('mbr') });
  const ofNote = z.strictObject({ id: id('mnt') });

  return [
    route({
      method: 'post',
      path: '/v1/members/{id}/notes',
      tag: TAG,
      auth: 'coach',
      summary: 'Write a note about a member',
      description:
        'For the people of the coach; members do not see it. It is a part of what is exported of the member, and goes when they are erased.',
      params: ofMember,
      body: z.strictObject({ text: words }),
      answers: { 201: { description: 'The note', schema: noteSchema } },
      async handler({ auth, params, body, newId }) {
        const { coachId, mode, actor } = auth;
        const { id: memberId } = await expectMember(auth, params.id);
        const key = { coachId, mode, id: newId('memberNote') };
        await db.memberNote.createMany({
          data: [{ ...key, memberId, text: body.text, author: actor.kind, authorId: actor.id }],
          // A repetition after a crash finds what the first try has written.
          skipDuplicates: true,
        });
        return answer(201, await one(await expectNote(auth, key.id)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/members/{id}/notes',
      tag: TAG,
      auth: 'coach',
      summary: 'The notes about a member, the newest first',
      params: ofMember,
      query: z.strictObject(page),
      answers: { 200: { description: 'A page of notes', schema: listOf(noteSchema) } },
      async handler({ auth, params, query }) {
        const { coachId, mode } = auth;
        const member = await findMember(db, auth, params.id);
        if (member === null) throw new ProblemError('not_found', NOBODY);
        const memberId = member.id;
        const { after, order } = pageArgs(query);
        const rows = await db.memberNote.findMany({ where: { coachId, mode, memberId, ...after }, ...order });
        return answer(200, pageOf(rows, query.limit, await viewer(db, rows)));
      },
    }),
    route({
      method: 'patch',
      path: '/v1/member-notes/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Change a note',
      params: ofNote,
      body: z.strictObject({ text: words }),
      answers: { 200: { description: 'The note now', schema: noteSchema } },
      async handler({ auth, params, body }) {
        const { coachId, mode, actor } = auth;
        await db.memberNote.updateMany({
          where: { coachId, mode, id: params.id, text: { not: body.text } },
          data: { text: body.text, editedAt: new Date(), editor: actor.kind, editorId: actor.id },
        });
        return answer(200, await one(await expectNote(auth, params.id)));
      },
    }),
    route({
      method: 'post',
      path: '/v1/member-notes/{id}/remove',
      tag: TAG,
      auth: 'coach',
      summary: 'Delete a note',
      params: ofNote,
      body: nothing,
      answers: { 200: { description: 'What it was', schema: noteSchema } },
      async handler({ auth, params }) {
        const note = await expectNote(auth, params.id);
        const { coachId, mode, id: noteId } = note;
        await db.memberNote.deleteMany({ where: { coachId, mode, id: noteId } });
        return answer(200, await one(note));
      },
    }),
  ];
}
