import { LANGUAGES } from '../../domain/language';
import { z } from 'zod';
import { isChosenMail, isStoppableMail, MAIL_KINDS, type MailKind, termsOfMail } from '../../domain/mails';
import { ProblemError } from '../../domain/problem';
import { renderMail } from '../../mail/render';
import { sampleView } from '../../mail/samples';
import { lockCoach } from '../../store/coach-lock';
import type { ApiDeps } from '../deps';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { email } from '../http/schemas';
import {
  chosenMailKind,
  mailKind,
  mailLanguage,
  mailSettingsSchema,
  mailSettingsView,
  stoppableMailKind,
  TAG,
} from './views';

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Surrogate}/u;
/** What a coach adds: paragraphs, with an empty line between them; may be empty. */
const paragraphs = z
  .string()
  .max(2000, 'must be at most 2000 characters')
  .refine((value) => !CONTROLS.test(value), 'must not contain control characters')
  .meta({ pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$' });

const ownText = z.strictObject({
  kind: mailKind,
  language: mailLanguage,
  before: paragraphs,
  after: paragraphs,
});

/** How mails look, which are sent, what the coach has them say, and how that looks. */
export function mailSettingsRoutes({ db, config, clock }: ApiDeps): Route[] {
  const read = async ({ coachId, mode }: CoachAuth) => {
    const [row, texts] = await Promise.all([
      db.mailSettings.findUnique({ where: { coachId_mode: { coachId, mode } } }),
      db.mailText.findMany({ where: { coachId, mode }, orderBy: [{ kind: 'asc' }, { language: 'asc' }] }),
    ]);
    return mailSettingsView(row, texts, config.mailServer !== null);
  };

  return [
    route({
      method: 'get',
      path: '/v1/mail-settings',
      tag: TAG,
      auth: 'coach',
      summary: 'Read how mails look and which are sent',
      answers: { 200: { description: 'The choices', schema: mailSettingsSchema } },
      handler: async ({ auth }) => answer(200, await read(auth)),
    }),
    route({
      method: 'patch',
      path: '/v1/mail-settings',
      tag: TAG,
      auth: 'coach',
      summary: 'Choose how mails look and which are sent',
      description: 'What is left out stays as it is.',
      body: z.strictObject({
        language: mailLanguage.optional(),
        replyTo: email.nullable().optional(),
        colour: z
          .string()
          .regex(/^#[0-9a-f]{6}$/, 'must be a colour as in #3b4fd8, in lower case')
          .nullable()
          .optional(),
        coachAddress: email.nullable().optional(),
        sales: z.enum(['each', 'daily']).optional(),
        off: z.array(stoppableMailKind).max(MAIL_KINDS.length).optional(),
        on: z.array(chosenMailKind).max(MAIL_KINDS.length).optional(),
        texts: z
          .array(ownText)
          .max(MAIL_KINDS.length * LANGUAGES.length)
          .optional()
          .meta({
            description:
              'What mails say before and after their own text: text alone, an empty line begins a paragraph. Those that are not named stay',
          }),
      }),
      answers: { 200: { description: 'The choices now', schema: mailSettingsSchema } },
      async handler({ auth, body: { texts = [], ...body } }) {
        const { coachId, mode } = auth;
        const kept = body.off?.find((kind) => !isStoppableMail(kind));
        if (kept !== undefined)
          throw new ProblemError(
            'invalid_request',
            `${kept} cannot be switched off: somebody waits for it.`,
            {
              field: 'off',
            },
          );
        expectChosen(body);
        const data = {
          ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
          ...(body.off === undefined ? {} : { off: [...new Set(body.off)] }),
          ...(body.on === undefined ? {} : { on: [...new Set(body.on)] }),
        };
        await db.$transaction(async (tx) => {
          await lockCoach(tx, coachId);
          await tx.mailSettings.upsert({
            where: { coachId_mode: { coachId, mode } },
            create: { coachId, mode, ...data },
            update: data,
          });
          for (const { kind, language, before, after } of texts)
            await tx.mailText.upsert({
              where: { coachId_mode_kind_language: { coachId, mode, kind, language } },
              create: { coachId, mode, kind, language, before, after },
              update: { before, after },
            });
        });
        return answer(200, await read(auth));
      },
    }),
    route({
      method: 'post',
      path: '/v1/mail-previews',
      tag: TAG,
      auth: 'coach',
      summary: 'See a mail before anybody gets it',
      description: 'With your colour and texts, about a purchase that nobody has made. Nothing is sent.',
      body: z.strictObject({
        kind: mailKind,
        language: mailLanguage,
        before: paragraphs.optional().meta({ description: 'Left out: as it is saved' }),
        after: paragraphs.optional().meta({ description: 'Left out: as it is saved' }),
      }),
      answers: {
        200: {
          description: 'The mail',
          schema: z
            .object({ subject: z.string(), html: z.string(), text: z.string() })
            .meta({ id: 'MailPreview' }),
        },
      },
      async handler({ auth: { coachId, mode }, body }) {
        const { kind, language } = body;
        const [coach, settings, saved] = await Promise.all([
          db.coach.findUniqueOrThrow({ where: { id: coachId } }),
          db.mailSettings.findUnique({ where: { coachId_mode: { coachId, mode } } }),
          db.mailText.findUnique({
            where: { coachId_mode_kind_language: { coachId, mode, kind, language } },
          }),
        ]);
        const view = sampleView(kind, {
          mode,
          coachName: coach.name,
          accountUrl: `${config.api.publicUrl}/account/${coachId}`,
          now: await clock.now(mode, null),
        });
        const style = {
          language,
          colour: settings?.colour ?? null,
          before: body.before ?? saved?.before ?? '',
          after: body.after ?? saved?.after ?? '',
        };
        const unsubscribe = termsOfMail(kind).needed ? null : config.api.publicUrl;
        return answer(200, renderMail(kind, view, style, unsubscribe));
      },
    }),
  ];
}

/** @throws ProblemError `invalid_request` where a kind that has to be chosen is in the wrong list, or another in this one */
function expectChosen({
  on = [],
  off = [],
}: {
  on?: MailKind[] | undefined;
  off?: MailKind[] | undefined;
}): void {
  const wrongOn = on.find((kind) => !isChosenMail(kind));
  if (wrongOn !== undefined)
    throw new ProblemError('invalid_request', `${wrongOn} is sent anyhow: name it in \`off\` to stop it.`, {
      field: 'on',
    });
  const wrongOff = off.find(isChosenMail);
  if (wrongOff !== undefined)
    throw new ProblemError('invalid_request', `${wrongOff} is sent only where \`on\` names it.`, {
      field: 'off',
    });
}
