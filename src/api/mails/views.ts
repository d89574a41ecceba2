import { LANGUAGES } from '../../domain/language';
import { z } from 'zod';
import type { Mail, MailSettings, MailSuppression, MailText } from '../../db/generated/client';
import {
  isChosenMail,
  isStoppableMail,
  isSwitchedOn,
  MAIL_KINDS,
  MAIL_REASONS,
  type MailReason,
  termsOfMail,
} from '../../domain/mails';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { time } from '../http/schemas';

export const TAG = 'Mails';

export const mailKind = z.enum(MAIL_KINDS);
/** As the document names them; another one is refused with what is meant instead. */
export const chosenMailKind = mailKind.meta({ enum: MAIL_KINDS.filter(isChosenMail) });
export const stoppableMailKind = mailKind.meta({
  enum: MAIL_KINDS.filter((kind) => isStoppableMail(kind) && !isChosenMail(kind)),
});
export const mailLanguage = z.enum(LANGUAGES);
const REASONS = Object.keys(MAIL_REASONS) as [MailReason, ...MailReason[]];

export const mailStatus = z.enum(['queued', 'sending', 'sent', 'unclear', 'stale', 'suppressed', 'failed']);

export const mailSchema = z
  .object({
    id: z.string().meta({ example: 'mail_3kTMd0fWbJ9xQeN4vYzA' }),
    kind: mailKind,
    memberId: z.string().nullable().meta({ description: 'Null: it goes to you, or to who is no member yet' }),
    eventId: z.string().nullable().meta({ description: 'The event that asked for it' }),
    status: mailStatus.meta({
      description:
        '`unclear`: it was handed over, and no answer came, so nobody knows. `stale`: not true any more when its turn came. `suppressed`: not wanted, or there is nowhere to send it',
    }),
    reason: z.enum(REASONS).nullable(),
    reasonInWords: z.string().nullable(),
    answer: z.string().nullable().meta({ description: 'The codes of what the mail server answered last' }),
    tries: z.int().meta({ description: 'Of nine, since it was last asked for' }),
    dueAt: time.nullable().meta({ description: 'Not before then; null: at once' }),
    nextTryAt: time.nullable(),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'Mail' });

export function mailView(row: Mail): z.input<typeof mailSchema> {
  const { reason } = row;
  return {
    id: row.id,
    // Written from src/domain/mails.ts only.
    kind: row.kind as z.input<typeof mailKind>,
    memberId: row.memberId,
    eventId: row.factId,
    status: row.status,
    reason: reason as MailReason | null,
    reasonInWords: reason === null ? null : MAIL_REASONS[reason as MailReason],
    answer: row.answer,
    tries: row.tries,
    dueAt: isoTimeOrNull(row.dueAt),
    nextTryAt: isoTimeOrNull(row.nextTryAt),
    createdAt: isoTime(row.createdAt),
    endedAt: isoTimeOrNull(row.endedAt),
  };
}

const textSchema = z.object({
  kind: mailKind,
  language: mailLanguage,
  before: z.string(),
  after: z.string(),
});

export const mailSettingsSchema = z
  .object({
    sends: z.boolean().meta({ description: 'Whether this installation sends mails at all' }),
    language: mailLanguage,
    replyTo: z.string().nullable().meta({ description: 'Where answers go; null: to the platform' }),
    colour: z.string().nullable().meta({ description: '`#rrggbb`; null: the platform’s' }),
    coachAddress: z.string().nullable().meta({ description: 'Where your own mails go; null: you get none' }),
    sales: z.enum(['each', 'daily']).meta({ description: 'How you hear of sales' }),
    off: z.array(stoppableMailKind).meta({ description: 'Kinds that are not sent' }),
    on: z.array(chosenMailKind).meta({
      description: 'Of the kinds that are sent only where you choose so, those that you have chosen',
    }),
    kinds: z
      .array(
        z.object({
          kind: mailKind,
          to: z.enum(['member', 'coach', 'person']),
          about: z.string(),
          canBeSwitchedOff: z.boolean(),
          isSent: z.boolean().meta({ description: 'As things stand' }),
          isChosen: z.boolean().meta({ description: 'It is sent only where `on` names it' }),
          canBeUnsubscribed: z.boolean(),
        }),
      )
      .meta({ description: 'Every mail that there is' }),
    texts: z
      .array(textSchema)
      .meta({ description: 'What you have mails say before and after their own text' }),
  })
  .meta({ id: 'MailSettings' });

/** A coach's choices; the defaults where none were made. */
export function mailSettingsView(
  row: MailSettings | null,
  texts: readonly MailText[],
  sends: boolean,
): z.input<typeof mailSettingsSchema> {
  return {
    sends,
    // Written by the routes of this folder only, as are the kinds and the languages below.
    language: (row?.language ?? 'en') as z.input<typeof mailLanguage>,
    replyTo: row?.replyTo ?? null,
    colour: row?.colour ?? null,
    coachAddress: row?.coachAddress ?? null,
    sales: row?.sales === 'daily' ? 'daily' : 'each',
    off: (row?.off ?? []) as z.input<typeof mailKind>[],
    on: (row?.on ?? []) as z.input<typeof mailKind>[],
    kinds: MAIL_KINDS.map((kind) => {
      const terms = termsOfMail(kind);
      return {
        kind,
        to: terms.to,
        about: terms.about,
        canBeSwitchedOff: isStoppableMail(kind),
        isSent: isSwitchedOn(kind, row),
        isChosen: isChosenMail(kind),
        canBeUnsubscribed: !terms.needed,
      };
    }),
    texts: texts.map(({ kind, language, before, after }) => ({
      kind: kind as z.input<typeof mailKind>,
      language: language as z.input<typeof mailLanguage>,
      before,
      after,
    })),
  };
}

export const suppressionSchema = z
  .object({
    id: z.string().meta({ description: 'Stands for the address, which is not stored' }),
    reason: z.enum(['bounced', 'unsubscribed']),
    memberId: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'MailSuppression' });

export const suppressionView = (row: MailSuppression): z.input<typeof suppressionSchema> => ({
  id: row.addressHash,
  reason: row.reason === 'bounced' ? 'bounced' : 'unsubscribed',
  memberId: row.memberId,
  createdAt: isoTime(row.createdAt),
});
