import { z } from 'zod';
import { diagnose } from '../../domain/diagnosis';
import { HELP_PAGE_ROWS } from '../../domain/finding';
import type { ApiDeps } from '../deps';
import { collectFacts } from './diagnosis-facts';
import { answer, route, type Route } from '../http/route';
import { mode, time } from '../http/schemas';

const status = z.enum(['ok', 'attention', 'problem', 'unknown']);

const diagnosisSchema = z
  .object({
    mode,
    overall: status.meta({ description: 'The gravest of the findings' }),
    lookedAt: time,
    findings: z.array(
      z.object({
        code: z.string().meta({ description: 'Stable, for programs', example: 'webhook.address' }),
        area: z.enum(['connection', 'webhook', 'currency', 'mail']),
        helpPageRow: z
          .enum(Object.values(HELP_PAGE_ROWS))
          .meta({ description: 'The row of the help page’s troubleshooting table that it answers' }),
        status: status.meta({ description: '`unknown`: Stripe did not answer in time' }),
        title: z.string(),
        detail: z.string(),
        todo: z.string().nullable().meta({ description: 'What the coach does about it' }),
        operatorTodo: z
          .string()
          .nullable()
          .meta({ description: 'What Session does about it, where the coach cannot' }),
      }),
    ),
  })
  .meta({ id: 'Diagnosis' });

/** The help page's troubleshooting table, answered by looking. */
export function diagnosisRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/connection/diagnosis',
      tag: 'Connection',
      auth: 'coach',
      summary: 'Find out what is wrong',
      description:
        'Asks Stripe at this moment, for five seconds at most: is the account verified, does it take payments, can Checkout open (a business name, and where tax is worked out a head office), is the webhook there, switched on and aimed at the right address with every event that is needed, did every event arrive, does a price have another currency than the account. Each finding says what to do about it.',
      answers: { 200: { description: 'What was found', schema: diagnosisSchema } },
      problems: ['mode_off'],
      async handler({ auth }) {
        const lookedAt = new Date().toISOString();
        const { overall, findings } = diagnose(await collectFacts(deps, auth.coachId, auth.mode));
        return answer(200, {
          mode: auth.mode,
          overall,
          lookedAt,
          findings: findings.map((finding) => ({ ...finding, helpPageRow: HELP_PAGE_ROWS[finding.area] })),
        });
      },
    }),
  ];
}
