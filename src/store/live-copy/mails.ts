import type { MailSettings } from '../../db/generated/client';
import { changedBy, changesOf } from '../../domain/live-copy';
import { byMode, comparedChoices, compareOnce, holdLive, type CopiedKind, twinsOf } from './kind';

type Choices = Omit<MailSettings, 'coachId' | 'mode' | 'updatedAt'>;

/** What holds where nothing was chosen, as the database has it. */
export const DEFAULT_MAIL_CHOICES: Choices = {
  language: 'en',
  replyTo: null,
  colour: null,
  off: [],
  on: [],
  coachAddress: null,
  sales: 'each',
};

/** The id of what there is once. */
const ID = 'mail_settings';

const choicesOf = (row: MailSettings | null): Choices => {
  if (row === null) return DEFAULT_MAIL_CHOICES;
  const { language, replyTo, colour, off, on, coachAddress, sales } = row;
  return { language, replyTo, colour, off, on, coachAddress, sales };
};

/** How mails look and which are sent: of the choices that were changed in test mode, each. */
export const mailSettings: CopiedKind = {
  kind: 'mail_settings',

  async compare(db, { coachId }) {
    const { test, live } = byMode(await db.mailSettings.findMany({ where: { coachId } }));
    const sides = { test: choicesOf(test), live: choicesOf(live), copied: DEFAULT_MAIL_CHOICES };
    return [await compareOnce(db, coachId, ID, sides, ['off', 'on'])];
  },

  async carry(tx, { coachId }, { changes }) {
    const key = await holdLive(tx, coachId);
    const data = changedBy(changes) as Partial<Choices>;
    await tx.mailSettings.upsert({
      where: { coachId_mode: key },
      create: { ...key, ...data },
      update: data,
    });
    const test = await tx.mailSettings.findUnique({ where: { coachId_mode: { coachId, mode: 'test' } } });
    return { liveId: ID, copied: { ...choicesOf(test) } };
  },
};

/** What the coach has a kind of mail say in one language; `bought/de`. */
export const mailTexts: CopiedKind = {
  kind: 'mail_text',

  async compare(db, { coachId, only }) {
    const [rows, there, twins] = await Promise.all([
      db.mailText.findMany({
        where: { coachId, mode: 'test' },
        orderBy: [{ kind: 'asc' }, { language: 'asc' }],
      }),
      db.mailText.findMany({ where: { coachId, mode: 'live' } }),
      twinsOf(db, coachId, 'mail_text'),
    ]);
    const idOf = ({ kind, language }: { kind: string; language: string }) => `${kind}/${language}`;
    const byId = new Map(there.map((row) => [idOf(row), row]));
    return rows
      .filter((row) => only === undefined || idOf(row) === only)
      .map((row) => {
        const id = idOf(row);
        const live = byId.get(id) ?? { before: '', after: '' };
        const changes = changesOf({
          test: { before: row.before, after: row.after },
          live: { before: live.before, after: live.after },
          copied: twins.get(id)?.copied ?? { before: '', after: '' },
        });
        return comparedChoices('mail_text', id, changes);
      });
  },

  async carry(tx, { coachId }, { testId, changes }) {
    const [kind = '', language = ''] = testId.split('/');
    const data = changedBy(changes) as { before?: string; after?: string };
    const key = { ...(await holdLive(tx, coachId)), kind, language };
    await tx.mailText.upsert({
      where: { coachId_mode_kind_language: key },
      create: { ...key, ...data },
      update: data,
    });
    const { before, after } = await tx.mailText.findUniqueOrThrow({
      where: { coachId_mode_kind_language: { ...key, mode: 'test' } },
    });
    return { liveId: testId, copied: { before, after } };
  },
};
