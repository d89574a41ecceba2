import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import { expectConnected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { findPresentMember } from './records';
import { openPortals } from './portal-links';
import { currency, id, webAddress } from '../http/schemas';
import { expectAllowedRedirect, readSettings } from '../settings';

const portalLink = {
  url: z.url().meta({ description: 'Stripe’s page; send the member there soon, it is good for once' }),
  currency: currency.nullable().meta({ description: 'In which the member is charged there; null: not yet' }),
  membershipIds: z.array(z.string()).meta({ description: 'The subscriptions that are managed there' }),
};

const portalSchema = z
  .object({
    ...portalLink,
    others: z.array(z.object(portalLink)).meta({
      description:
        'Stripe holds a customer to one currency and its portal shows one customer, so a member who pays in two currencies has two',
    }),
  })
  .meta({ id: 'PortalSession' });

/** Stripe's billing portal: members change their card, read their invoices and cancel there by themselves. */
export function portalRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;

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
        membershipId: id('msp')
          .optional()
          .meta({ description: 'Only the portal in which this membership is managed' }),
      }),
      answers: { 201: { description: 'The address', schema: portalSchema } },
      problems: [
        'not_found',
        'not_connected',
        'no_stripe_customer',
        'redirect_not_allowed',
        'stripe_refused',
        'stripe_unavailable',
      ],
      async handler({ auth: { coachId, mode }, params, body, requestId }) {
        const member = await findPresentMember(db, { coachId, mode }, params.id);
        if (member === null) throw new ProblemError('not_found', 'There is no member with this id.');
        const { membershipId } = body;
        const where = { coachId, mode, memberId: member.id };
        if (
          membershipId !== undefined &&
          (await db.membership.count({ where: { ...where, id: membershipId } })) === 0
        )
          throw new ProblemError('not_found', 'The member has no such membership.', {
            field: 'membershipId',
          });
        const connection = await expectConnected(db, coachId, mode);
        const settings = await readSettings(db, coachId, mode);
        const returnUrl = body.returnUrl ?? settings.defaultSuccessUrl;
        if (returnUrl === null)
          throw new ProblemError('invalid_request', 'Say where the member goes back to.', {
            field: 'returnUrl',
          });
        expectAllowedRedirect(returnUrl, 'returnUrl', settings, deps.config.api.publicUrl);
        const [first, ...others] = await openPortals(deps, connection, {
          memberId: member.id,
          membershipId,
          returnUrl,
          requestId,
        });
        return answer(201, { ...first, others });
      },
    }),
  ];
}
