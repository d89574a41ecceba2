import { z } from 'zod';
import { lockCoach } from '../../store/coach-lock';
import { changeAddress } from '../../store/member-address';
import { ProblemError } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import { findConnected } from '../connection/connected-account';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { email, id } from '../http/schemas';
import { findPresentMember } from './records';
import { memberSchema, memberView } from './view';

/** Milliseconds that a request waits for Temporal; the row says what is to be done, so the sweep sees to it anyhow. */
const TEMPORAL_TIMEOUT_MS = 5_000;

/** Another e-mail address for a member, by a person's word. */
export function changeAddressRoutes({ db, workflows, log }: ApiDeps): Route[] {
  const tellRun = async ({ coachId, mode }: CoachAuth, memberId: string): Promise<void> => {
    const accountId = (await findConnected(db, coachId, mode))?.accountId ?? null;
    try {
      await workflows.withDeadline(TEMPORAL_TIMEOUT_MS, () =>
        workflows.memberAddressChanged(memberId, { coachId, mode, accountId }),
      );
    } catch (error) {
      log.warn({ memberId, error: (error as Error).name }, 'A changed address is left to the sweep');
    }
  };

  return [
    route({
      method: 'patch',
      path: '/v1/members/{id}',
      tag: 'Members and access',
      auth: 'coach',
      summary: 'Give a member another e-mail address',
      description:
        'Purchases, access and payments stay as they are. Mails that wait, and all later ones, go to the new address; the member is signed out of their page, and links that were mailed to sign in there work no more. Stripe’s customers of the member get the address by a run, which goes on until Stripe has taken it (`stripeAddress` of the member says how far it is). Changing it back takes it back.',
      params: z.strictObject({ id: id('mbr') }),
      body: z.strictObject({ email }),
      answers: { 200: { description: 'The member', schema: memberSchema } },
      problems: ['not_found', 'address_taken'],
      async handler({ auth, params, body }) {
        const { coachId, mode, keyId } = auth;
        const named = await findPresentMember(db, auth, params.id);
        const member =
          named &&
          (await changeAddress(
            db,
            { coachId, mode, memberId: named.id },
            {
              email: body.email,
              causeId: keyId,
              // One after the other, so that no two get the same.
              async check(tx) {
                await lockCoach(tx, coachId);
                const other = await tx.member.findFirst({
                  where: { coachId, mode, email: body.email, id: { not: named.id } },
                });
                if (other !== null)
                  throw new ProblemError('address_taken', 'Another member has this address.', {
                    field: 'email',
                    memberId: other.id,
                  });
              },
            },
          ));
        if (member === null) throw new ProblemError('not_found', 'There is no member with this id.');
        await tellRun(auth, member.id);
        return answer(200, memberView(member));
      },
    }),
  ];
}
