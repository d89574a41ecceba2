import { z } from 'zod';
import type { Db, Tx } from '../db/client';
import type { Settings } from '../db/generated/client';
import { CANCEL_OFFERS, PAUSE_DAYS } from '../domain/cancel-offer';
import { ProblemError } from '../domain/problem';
import type { Mode } from '../domain/mode';
import { DEFAULT_TIMELINE_YEARS } from '../domain/retention';
import { DEFAULT_POLICY } from '../domain/policy';
import { CONSENTS, WITHDRAWAL_OFFERS, WITHDRAWAL_REFUNDS } from '../domain/withdrawal';
import { lockCoach } from '../store/coach-lock';
import type { ApiDeps } from './deps';
import { answer, type CoachAuth, route, type Route } from './http/route';
import { id, ORIGIN, secureAddress, webAddress } from './http/schemas';

/** An origin as browsers write it: scheme, host and, if unusual, port. */
const origin = webAddress
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value.replace(/\/$/, ''),
    'must be an origin: scheme://host[:port], without a path',
  )
  .transform((value) => new URL(value).origin)
  .meta(ORIGIN);

const choices = z.strictObject({
  graceDays: z
    .int()
    .min(0)
    .max(30)
    .default(DEFAULT_POLICY.graceDays)
    .meta({ description: 'Days of access after a renewal stays unpaid: 0 to 30' }),
  renewalLeewayHours: z.int().min(0).max(168).default(DEFAULT_POLICY.renewalLeewayHours).meta({
    description:
      'Hours of access added to what was paid for, so that an outage of ours takes nobody’s access: 0 to 168',
  }),
  honourPaidPeriod: z
    .boolean()
    .default(DEFAULT_POLICY.honourPaidPeriod)
    .meta({ description: 'A subscription cancelled at once keeps its access to the end of the paid period' }),
  keepAfterRefund: z
    .boolean()
    .default(DEFAULT_POLICY.keepAfterRefund)
    .meta({ description: 'A full refund leaves the access, and a subscription, as they are' }),
  keepDuringDispute: z
    .boolean()
    .default(DEFAULT_POLICY.keepDuringDispute)
    .meta({ description: 'An open dispute leaves the access as it is; a lost one never does' }),
  timelineYears: z.int().min(1).max(30).default(DEFAULT_TIMELINE_YEARS).meta({
    description: 'Years that the timeline of a membership is kept after its end: 1 to 30',
  }),
  membersCancelNow: z.boolean().default(false).meta({
    description:
      'Members may end a subscription at once on their page, not only at the end of what is paid; installments as well',
  }),
  membersChangePrice: z.boolean().default(false).meta({
    description: 'Members may move to another price of the product on their page',
  }),
  withdrawal: z.enum(WITHDRAWAL_OFFERS).default('by_country').meta({
    description:
      'Whether members are offered to withdraw from what they bought within 14 days (EU): `by_country`, where your Stripe account is in the EEA; `off`, where you sell to businesses alone',
  }),
  withdrawalRefund: z.enum(WITHDRAWAL_REFUNDS).default('coach_decides').meta({
    description:
      'What goes back by itself: all of it, what has not been provided yet (only where the buyer asked you to begin at once), or what you decide within 13 days, and all of it if you do not',
  }),
  purchaseConsent: z.enum(CONSENTS).default('none').meta({
    description:
      'What buyers agree to on the purchase page: that a service begins at once, or that digital content is there at once and the right of withdrawal is lost by that',
  }),
  cancelOffer: z.enum(CANCEL_OFFERS).default('none').meta({
    description:
      'What members who are about to cancel on their page are offered below the cancellation, once: a coupon, or a pause. The cancellation takes no step more',
  }),
  cancelOfferCouponId: id('cpn')
    .nullable()
    .default(null)
    .meta({ description: 'The coupon that is offered; null: none, so nothing is offered' }),
  cancelOfferDays: z
    .int()
    .min(PAUSE_DAYS.least)
    .max(PAUSE_DAYS.most)
    .default(PAUSE_DAYS.usual)
    .meta({ description: 'Days that the offered pause lasts: 7 to 92' }),
  automaticTax: z.boolean().default(false).meta({
    description:
      'Stripe Tax works out the tax of checkouts that are opened from now on; it has to be set up in the Stripe account',
  }),
  logoUrl: secureAddress.nullable().default(null).meta({
    description:
      'Your logo, on the purchase page; buyers’ browsers fetch it from there. Its colour is that of your mails',
    example: 'https://yoga-with-ana.example/logo.svg',
  }),
  businessBuyers: z.boolean().default(false).meta({
    description:
      'Checkout asks whoever buys for a company for its name and tax id, and everybody for the whole billing address; for checkouts that are opened from now on',
  }),
  purchaseInvoices: z.boolean().default(false).meta({
    description:
      'Stripe makes an invoice of what is bought once as well, for which it may charge; subscriptions have them anyway. For checkouts that are opened from now on',
  }),
  promotionCodes: z.boolean().default(false).meta({
    description:
      'Members may enter promotion codes for new prices that do not say so themselves, as far as codes go with them',
  }),
  oneTrialPerMember: z.boolean().default(true).meta({
    description:
      'A member has one trial of a product: who has had it buys without one. An anonymous buyer who turns out to have had it keeps it, and is shown to you',
  }),
  origins: z
    .array(origin)
    .max(20)
    .default([])
    .meta({
      description: 'Origins that members may be sent back to',
      example: ['https://yoga-with-ana.example'],
    }),
  defaultSuccessUrl: webAddress
    .nullable()
    .default(null)
    .meta({ description: 'Where members go after paying' }),
  defaultCancelUrl: webAddress
    .nullable()
    .default(null)
    .meta({ description: 'Where members go without paying' }),
  connectionReturnUrl: webAddress
    .nullable()
    .default(null)
    .meta({ description: "Where the coach's UI wants the browser back after Stripe's authorization page" }),
});

export type SettingsChoices = z.output<typeof choices>;

const settingsSchema = choices.meta({ id: 'Settings' });

type Changes = {
  [K in keyof typeof choices.shape]: z.ZodOptional<ReturnType<(typeof choices.shape)[K]['removeDefault']>>;
};

/** Any of the choices, none of which has a default here: what is left out stays as it is. */
const changes = z.strictObject(
  Object.fromEntries(
    Object.entries(choices.shape).map(([name, choice]) => [name, choice.removeDefault().optional()]),
  ) as unknown as Changes,
);

const view = (row: Settings): SettingsChoices => ({
  graceDays: row.graceDays,
  renewalLeewayHours: row.renewalLeewayHours,
  honourPaidPeriod: row.honourPaidPeriod,
  keepAfterRefund: row.keepAfterRefund,
  keepDuringDispute: row.keepDuringDispute,
  timelineYears: row.timelineYears,
  membersCancelNow: row.membersCancelNow,
  membersChangePrice: row.membersChangePrice,
  withdrawal: row.withdrawal,
  withdrawalRefund: row.withdrawalRefund,
  purchaseConsent: row.purchaseConsent,
  cancelOffer: row.cancelOffer,
  cancelOfferCouponId: row.cancelOfferCouponId,
  cancelOfferDays: row.cancelOfferDays,
  automaticTax: row.automaticTax,
  logoUrl: row.logoUrl,
  businessBuyers: row.businessBuyers,
  purchaseInvoices: row.purchaseInvoices,
  promotionCodes: row.promotionCodes,
  oneTrialPerMember: row.oneTrialPerMember,
  origins: row.origins,
  defaultSuccessUrl: row.defaultSuccessUrl,
  defaultCancelUrl: row.defaultCancelUrl,
  connectionReturnUrl: row.connectionReturnUrl,
});

/** A coach's choices in a mode; the defaults where none were made. */
export async function readSettings(db: Db | Tx, coachId: string, mode: Mode): Promise<SettingsChoices> {
  const row = await db.settings.findUnique({ where: { coachId_mode: { coachId, mode } } });
  return row === null ? choices.parse({}) : view(row);
}

/**
 * Whether a browser may be sent to an address: its origin is registered, or is our own.
 * @throws ProblemError `redirect_not_allowed` naming the field.
 */
export function expectAllowedRedirect(
  url: string,
  field: string,
  settings: SettingsChoices,
  publicUrl: string,
): void {
  const { origin: wanted } = new URL(url);
  if (wanted !== new URL(publicUrl).origin && !settings.origins.includes(wanted))
    throw new ProblemError('redirect_not_allowed', `The origin ${wanted} is not registered.`, { field });
}

/** @throws ProblemError `not_found` where the coupon that is to be offered is not the coach's in this mode */
async function expectOwnCoupon(
  tx: Tx,
  ours: { coachId: string; mode: Mode },
  { cancelOfferCouponId: id }: SettingsChoices,
): Promise<void> {
  if (id === null || (await tx.coupon.count({ where: { ...ours, id } })) > 0) return;
  throw new ProblemError('not_found', 'There is no coupon with this id.', { field: 'cancelOfferCouponId' });
}

/** A coach's settings in the mode of the key. */
export function settingsRoutes({ db, config }: ApiDeps): Route[] {
  /** One after the other, so that of two who change something nobody's change is lost. */
  const save = ({ coachId, mode }: CoachAuth, choose: (present: SettingsChoices) => SettingsChoices) =>
    db.$transaction(async (tx) => {
      await lockCoach(tx, coachId);
      const chosen = choose(await readSettings(tx, coachId, mode));
      for (const field of ['defaultSuccessUrl', 'defaultCancelUrl', 'connectionReturnUrl'] as const) {
        const url = chosen[field];
        if (url !== null) expectAllowedRedirect(url, field, chosen, config.api.publicUrl);
      }
      await expectOwnCoupon(tx, { coachId, mode }, chosen);
      const data = { ...chosen, origins: [...new Set(chosen.origins)] };
      return view(
        await tx.settings.upsert({
          where: { coachId_mode: { coachId, mode } },
          create: { coachId, mode, ...data },
          update: data,
        }),
      );
    });
  return [
    route({
      method: 'get',
      path: '/v1/settings',
      tag: 'Settings',
      auth: 'coach',
      summary: 'Read the settings',
      answers: { 200: { description: 'The settings', schema: settingsSchema } },
      handler: async ({ auth }) => answer(200, await readSettings(db, auth.coachId, auth.mode)),
    }),
    route({
      method: 'patch',
      path: '/v1/settings',
      tag: 'Settings',
      auth: 'coach',
      summary: 'Change settings',
      description: 'What is left out stays as it is. The default addresses need a registered origin too.',
      body: changes,
      answers: { 200: { description: 'The settings now', schema: settingsSchema } },
      problems: ['redirect_not_allowed', 'not_found'],
      handler: async ({ auth, body }) =>
        answer(200, await save(auth, (present) => ({ ...present, ...(body as Partial<SettingsChoices>) }))),
    }),
    route({
      method: 'put',
      path: '/v1/settings',
      tag: 'Settings',
      auth: 'coach',
      summary: 'Replace the settings',
      description:
        'What is left out goes back to its default: whoever does not know of a setting resets it. Use PATCH instead.',
      deprecated: true,
      body: settingsSchema,
      answers: { 200: { description: 'The settings now', schema: settingsSchema } },
      problems: ['redirect_not_allowed', 'not_found'],
      handler: async ({ auth, body }) => answer(200, await save(auth, () => body)),
    }),
  ];
}
