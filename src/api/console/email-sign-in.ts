import { setTimeout } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import { ProblemError } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import { clientOf } from '../http/client-address';
import type { Limiter } from '../http/limits';
import { refuseOtherMethods } from '../http/methods';
import { check, jsonBody } from '../http/mount';
import { invitationMails, type InvitationMails } from '../people/mails';
import { emailCredentials } from './credentials';
import type { Guard } from './guard';
import type { Sessions } from './sessions';
import { noteSigning } from './signing-log';

const ADDRESS = '/console/api/sign-in-links';
/** Milliseconds that the answer takes at least, whether or not the address is known. */
const AS_LONG = 400;

/** Mails a link to whoever has an address and works for a coach here; the answer is the same for every address. */
export function emailSignInRouter(deps: ApiDeps, sessions: Sessions, guard: Guard, limiter: Limiter): Router {
  const { db, config } = deps;
  const router = Router();
  const mails = invitationMails(config);

  async function mailLink(
    { email, language }: { email: string; language?: 'en' | 'de' | undefined },
    { link }: InvitationMails,
    requestId: string,
  ): Promise<void> {
    const user = await db.consoleUser.findUnique({
      where: { email },
      include: { people: { orderBy: { invitedAt: 'asc' } } },
    });
    const [person] = user?.people ?? [];
    if (person === undefined) return;
    const actor = { kind: 'user', id: person.userId } as const;
    // Of one who is in both modes the role in the first, as a session has it.
    const roles = new Map(user?.people.toReversed().map(({ coachId, role }) => [coachId, role]));
    await db.$transaction(async (tx) => {
      const coaches = [...roles].map(([id, role]) => ({ id, actor, role }));
      await noteSigning(tx, 'asked', coaches, requestId);
      await link(tx, { person, email, language }, await sessions.createUserLink(tx, person.userId));
    });
  }

  router.post(ADDRESS, jsonBody, async (req: Request, res: Response) => {
    guard.expectOwnOrigin(req);
    const asked = check(emailCredentials, req.body);
    // Before anybody is looked for: whom it counts is said to everybody alike.
    await limiter.take(res, 'sign_in_link', clientOf(req));
    await limiter.take(res, 'sign_in_link_to', `console/${asked.email}`);
    await limiter.take(res, 'sign_in_link_of_coach', 'console');
    if (mails === null)
      throw new ProblemError('mails_off', 'People sign in by a link in a mail, and no mails are sent here.');
    await Promise.all([mailLink(asked, mails, String(res.locals.requestId)), setTimeout(AS_LONG)]);
    res.setHeader('Cache-Control', 'no-store');
    res.status(202).json({ sent: true });
  });
  refuseOtherMethods(router, ADDRESS, ['POST']);
  return router;
}
