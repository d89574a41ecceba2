import { z } from 'zod';
import { Refusal } from '../domain/failure';
import type { AccountClient } from '../stripe/facts';
import { createPortalSession, ensurePortalConfiguration } from '../stripe/portal';
import { type Connected, expectConnected } from './connected-account';
import type { ApiDeps } from './deps';
import { answer, route, type Route } from './http/route';
import { id, webAddress } from './schemas';
import { expectAllowedRedirect, readSettings } from './settings';
import { atStripe } from './stripe-call';

const portalSchema = z
  .object({
    url: z.url().meta({ description: 'Stripe’s page; send the member there soon, it is good for once' }),
  })
  .meta({ id: 'PortalSession' });

/** Stripe's billing portal: members change their card, read their invoices and cancel there by themselves. */
export function portalRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;

  /** The member's customer on the account: of the membership that is charged, if there is one. */
  const customerOf = async (connection: Connected, memberId: string): Promise<string> => {
    const { coachId, mode, accountId } = connection;
    const own = { coachId, mode, memberId, accountId };
    const charged = await db.membership.findFirst({
      where: { ...own, kind: 'subscription', endedAt: null, stripeCustomerId: { not: null } },
      orderBy: { createdAt: 'desc' },
    });
    const customer =
      charged?.stripeCustomerId ?? (await db.stripeCustomer.findFirst({ where: own }))?.stripeCustomerId;
    if (customer === undefined)
      throw new Refusal(
        'no_stripe_customer',
        'The member has bought nothing through the Stripe account that is connected now.',
      );
    return customer;
  };

  const configurationOf = async (client: AccountClient, connection: Connected): Promise<string> => {
    const key = { mode: connection.mode, accountId: connection.accountId };
    const known = await db.portalConfiguration.findUnique({ where: { mode_accountId: key } });
    if (known !== null) return known.stripeConfigurationId;
    const stripeConfigurationId = await ensurePortalConfiguration(client, connection.id);
    await db.portalConfiguration.createMany({
      data: [{ ...key, stripeConfigurationId }],
      skipDuplicates: true,
    });
    return stripeConfigurationId;
  };

  return [
    route({
      method: 'post',
      path: '/v1/members/{id}/portal',
      tag: 'Members and access',
      auth: 'coach',
      summary: 'Open Stripe’s billing portal for a member',
      description:
        'There they change their card, read their invoices and cancel at the end of what is paid. What they do is heard of by webhook.',
      params: z.strictObject({ id: id('mbr') }),
      body: z.strictObject({
        returnUrl: webAddress.optional().meta({
          description: 'Where the member goes back to; the default success page of the settings unless told',
        }),
      }),
      answers: { 201: { description: 'The address', schema: portalSchema } },
      refusals: [
        'not_found',
        'not_connected',
        'no_stripe_customer',
        'redirect_not_allowed',
        'stripe_refused',
        'stripe_unavailable',
      ],
      async handler({ auth: { coachId, mode }, params, body, requestId }) {
        const member = await db.member.findFirst({ where: { id: params.id, coachId, mode } });
        if (member === null) throw new Refusal('not_found', 'There is no member with this id.');
        const connection = await expectConnected(db, coachId, mode);
        const settings = await readSettings(db, coachId, mode);
        const returnUrl = body.returnUrl ?? settings.defaultSuccessUrl;
        if (returnUrl === null)
          throw new Refusal('invalid_request', 'Say where the member goes back to.', { field: 'returnUrl' });
        expectAllowedRedirect(returnUrl, 'returnUrl', settings, deps.config.api.publicUrl);
        const customer = await customerOf(connection, member.id);
        const client = { stripe: deps.stripe.of(mode), accountId: connection.accountId };
        const url = await atStripe(async () =>
          createPortalSession(client, {
            customer,
            configuration: await configurationOf(client, connection),
            returnUrl,
            idempotencyKey: `${member.id}:portal:${requestId}`,
          }),
        );
        return answer(201, { url });
      },
    }),
  ];
}
