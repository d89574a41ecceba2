import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import type { Mode } from '../../domain/mode';
import { isoTime } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { id, mode, time } from '../http/schemas';
import { createSessions } from './sessions';

const MINUTE = 60_000;
/** Minutes. A link may travel through mails and logs, so it is short. */
const LONGEST = 15;
/** On a laptop it waits in a terminal until somebody has time. */
const LONGEST_LOCALLY = 24 * 60;

/** Links that sign a coach in to the console, for the platform to send a coach there from its own pages. */
export function consoleLinkRoutes({ db, config }: ApiDeps): Route[] {
  const sessions = createSessions(db);
  const longest = config.localClock ? LONGEST_LOCALLY : LONGEST;
  return [
    route({
      method: 'post',
      path: '/v1/coaches/{id}/console-links',
      tag: 'Platform',
      auth: 'platform',
      summary: 'Make a link that signs a coach in to the console, once',
      params: z.strictObject({ id: id('coach') }),
      body: z.strictObject({
        modes: z
          .array(mode)
          .min(1)
          .optional()
          .meta({ description: 'The modes to sign in to; unless told, all that are on' }),
        expiresInMinutes: z
          .int()
          .min(1)
          .max(longest)
          .default(LONGEST)
          .meta({ description: `At most ${LONGEST}` }),
        operator: z.boolean().default(false).meta({
          description:
            "For somebody of the platform's who looks after the coach: the console then leads to the runs in the Temporal Web UI, which shows those of every coach",
        }),
      }),
      answers: {
        201: {
          description: 'The link, shown this once',
          schema: z.object({ url: z.string(), expiresAt: time }).meta({ id: 'ConsoleLink' }),
        },
      },
      problems: ['mode_off'],
      async handler({ params, body }) {
        const coach = await db.coach.findUnique({ where: { id: params.id } });
        if (coach === null) throw new ProblemError('not_found', 'There is no coach with this id.');
        const isOn = (at: Mode) => config.stripe.modes[at] !== undefined;
        const modes = [...new Set(body.modes ?? (['test', 'live'] as const).filter(isOn))];
        const off = modes.find((at) => !isOn(at));
        if (off !== undefined)
          throw new ProblemError('mode_off', `Payments in ${off} mode are switched off here.`, {
            field: 'modes',
          });
        const link = await sessions.createLink(
          coach.id,
          { modes, operator: body.operator },
          body.expiresInMinutes * MINUTE,
        );
        const url = `${config.api.publicUrl}/console/sign-in/${link.token}`;
        return answer(201, { url, expiresAt: isoTime(link.expiresAt) });
      },
    }),
  ];
}
