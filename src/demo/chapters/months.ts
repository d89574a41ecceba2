import type { Membership } from '@session/sdk';
import type { Business, Offer } from '../business';
import { eventually } from '../eventually';
import { promised } from '../narrator';
import { DAY, type Offers, secondsOf, type Stage } from '../stage';

/** Months pass: renewals, a failed one that recovers, one that does not, and cancellations. */
export async function months({ narrator, ana }: Stage, { circle }: Offers): Promise<void> {
  narrator.chapter('Months pass');
  const becomes = (member: string, expected: string, isSo: (membership: Membership) => boolean) =>
    eventually(expected, () => ana.membershipOf(member, circle), isSo);

  await narrator.step('three more members subscribe', async ({ saw }) => {
    await ana.sell('noah', circle, 'fails_on_renewal');
    await ana.sell('otto', circle, 'fails_on_renewal');
    await ana.sell('lena', circle, 'succeeds');
    saw("noah's and otto's cards will fail when they renew");
  });

  await narrator.step('cancelled at once: access ends at once', async ({ saw, run }) => {
    const { id } = await ana.membershipOf('lena', circle);
    const ended = await ana.session.post('/v1/memberships/{id}/cancel', {
      params: { path: { id } },
      body: { at: 'now' },
    });
    const access = await ana.access('lena', circle);
    promised(ended.status === 'ended' && !access.access, 'an ended membership without access', {
      ended,
      access,
    });
    saw(access.explanation);
    run(`membership/${id}`);
  });

  await narrator.step('a month later: renewed', async ({ saw, run }) => {
    const before = await ana.membershipOf('mia', circle);
    await ana.moveTo((await ana.now()) + 31 * DAY);
    const after = await becomes(
      'mia',
      'a renewed membership',
      ({ status, paidThrough }) =>
        status === 'active' && secondsOf(paidThrough) > secondsOf(before.paidThrough) + 27 * DAY,
    );
    const access = await ana.access('mia', circle);
    promised(access.access, 'access goes on', access);
    saw(`paid through ${after.paidThrough ?? ''}`);
    run(`membership/${after.id}`);
  });

  await narrator.step(
    'the failed renewal: past due, and access goes on through the grace',
    async ({ saw, run }) => {
      const membership = await becomes('noah', 'past due', ({ status }) => status === 'past_due');
      const access = await ana.access('noah', circle);
      promised(access.access && access.reason === 'grace', 'access through the grace', access);
      saw(`${access.explanation} Until ${access.until ?? ''}.`);
      run(`membership/${membership.id}`);
      // Before it is not true any more.
      if (ana.world.mails !== null)
        await eventually(
          'noah to be told by mail',
          () =>
            ana.session.get('/v1/mails', { params: { query: { member: 'noah', kind: 'renewal_failed' } } }),
          ({ data }) => data[0]?.status === 'sent',
        );
    },
  );

  await narrator.step('noah mends the card; Stripe tries again: recovered', async ({ saw }) => {
    const { stripe } = await ana.membershipOf('noah', circle);
    await ana.world.stripe.trigger('payment_method_recovers', stripe.accountId, ana.mode, {
      subscription: stripe.subscriptionId,
    });
    await ana.moveTo((await ana.now()) + 4 * DAY);
    const membership = await becomes('noah', 'active again', ({ status }) => status === 'active');
    promised((await ana.access('noah', circle)).access, 'access', await ana.access('noah', circle));
    saw(`${membership.reasonInWords} Paid through ${membership.paidThrough ?? ''}.`);
  });

  await narrator.step('otto does not: the grace ends, and access with it', async ({ saw, run }) => {
    const before = await ana.access('otto', circle);
    await moveToEnd(ana, 'otto', circle);
    const access = await ana.access('otto', circle);
    promised(before.access && !access.access, 'access until the end of the grace, and none after', {
      before,
      access,
    });
    const membership = await becomes('otto', 'suspended or ended', ({ status }) =>
      ['suspended', 'ended'].includes(status),
    );
    saw(membership.reasonInWords);
    run(`membership/${membership.id}`);
  });

  await narrator.step('cancelled at the end of the period, resumed, and cancelled again', async ({ saw }) => {
    const { id } = await ana.membershipOf('mia', circle);
    const params = { path: { id } };
    const cancel = () =>
      ana.session.post('/v1/memberships/{id}/cancel', { params, body: { at: 'period_end' } });
    const canceling = await cancel();
    promised(canceling.status === 'canceling', 'canceling', canceling);
    const resumed = await ana.session.post('/v1/memberships/{id}/resume', { params });
    promised(resumed.status === 'active' && resumed.cancelAt === null, 'active again', resumed);
    const again = await cancel();
    const access = await ana.access('mia', circle);
    promised(
      access.access &&
        access.until !== null &&
        access.until === again.cancelAt &&
        access.until === again.paidThrough,
      "access to the period's end exactly",
      { access, again },
    );
    saw(`access until ${access.until} exactly`);
  });

  await narrator.step('access lasts until then, and not a second longer', async ({ saw, run }) => {
    const { id } = await ana.membershipOf('mia', circle);
    const end = await moveToEnd(ana, 'mia', circle);
    const access = await ana.access('mia', circle);
    promised(!access.access, 'no access after the end', access);
    const membership = await becomes('mia', 'ended', ({ status }) => status === 'ended');
    saw(`at ${new Date(end * 1000).toISOString()}: ${membership.reasonInWords}`);
    run(`membership/${id}`);
  });
}

/** How many seconds before the end access is looked at: real time goes on meanwhile. */
const SHORTLY = 20;

/** Moves to just before the end of a member's access, looks, and moves on to the end. @returns the end in seconds */
async function moveToEnd(business: Business, member: string, offer: Offer): Promise<number> {
  const end = secondsOf((await business.access(member, offer)).until);
  await business.moveTo(end - SHORTLY);
  const shortly = await business.access(member, offer);
  promised(shortly.access && secondsOf(shortly.until) === end, 'access shortly before the end', shortly);
  await business.moveTo(end);
  return end;
}
