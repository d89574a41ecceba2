import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { mayDo, operationIdOf, permissionOf, ROLES } from '../../domain/permissions';
import { PROBLEMS, type ProblemCode } from '../../domain/problem';
import type { AuthKind, Route } from './route';

const problem = z
  .object({
    type: z.string().meta({ example: '/problems#charges_not_enabled' }),
    title: z.string().meta({ example: 'Charges not enabled' }),
    status: z.int().meta({ example: 409 }),
    code: z.string().meta({ example: 'charges_not_enabled', description: 'Stable: programs decide by it' }),
    detail: z.string().meta({ description: 'What happened, for a person' }),
    field: z.string().optional().meta({ description: 'The field that is wrong, as a path' }),
    todo: z.string().meta({ description: 'What to do next' }),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

const DESCRIPTION = `The payments backend of Session: a coach connects their own Stripe account, sells products through
Stripe Checkout, and members get, keep and lose access.

* **Keys.** Coaches' servers send \`Authorization: Bearer ses_test_…\` or \`ses_live_…\`; the key fixes coach and mode, and
  never belongs in a browser. Session itself sends the platform key.
* **Roles.** A key has a scope, and a person a role: \`x-roles\` of an operation says which may (\`owner\` is a key of scope
  \`full\`). Anything else is refused with 403 \`role_not_allowed\`, and what was asked for is in [the audit log](#get/v1/audit-log).
* **Errors** are \`application/problem+json\` with a stable \`code\`, the \`field\` and a \`todo\`; [/problems](/problems) lists all.
* **Repeating.** Every POST takes \`Idempotency-Key\` (1 to 255 visible characters): within 24 hours the same request with the
  same key gets the first answer again, with \`Idempotent-Replayed: true\`. A 5xx is never stored, so repeat it with the same key.
* **Limits** hold for a key, a coach and an address: \`RateLimit-Policy\` and \`RateLimit\` say which and what is left, and a 429 says
  with \`Retry-After\` how many seconds to wait.
* **Money** is integer minor units beside a lower-case ISO 4217 currency. **Times** are ISO 8601, UTC.
* **Lists** are newest first; pass \`nextCursor\` as \`cursor\` for the next page.`;

const SECURITY: Record<AuthKind, Record<string, string[]>[]> = {
  coach: [{ coachKey: [] }],
  platform: [{ platformKey: [] }],
  none: [],
};

/** What every route of a kind may answer besides its own. */
function generalProblems(route: Route): ProblemCode[] {
  const codes: ProblemCode[] = ['internal', 'temporarily_unavailable', 'rate_limited'];
  if (route.auth !== 'none') codes.push('unauthorized', 'wrong_key');
  if (route.auth === 'coach') codes.push('role_not_allowed');
  if (route.params !== null) codes.push('not_found');
  if (route.query !== null || route.body !== null) codes.push('invalid_request');
  if (route.body !== null) codes.push('malformed_json', 'payload_too_large', 'unsupported_media_type');
  if (route.method === 'post') codes.push('idempotency_key_reused', 'idempotency_in_progress');
  return codes;
}

function problemResponses(route: Route): RouteConfig['responses'] {
  const codes = [...generalProblems(route), ...((route.problems ?? []) as ProblemCode[])];
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, all]) => [
      status,
      {
        description: all.map((code) => `\`${code}\``).join(', '),
        ...(status === 429 ? { headers: limitHeaders } : {}),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

const limitHeaders = z.object({
  'Retry-After': z.string().meta({ description: 'Seconds to wait' }),
  'RateLimit-Policy': z.string().meta({ description: 'The limits, as `"name";q=count;w=seconds`' }),
  RateLimit: z.string().meta({ description: 'What is left of them, as `"name";r=count;t=seconds`' }),
});

const idempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .meta({ description: 'Makes a repetition of this request harmless', example: 'order-7f3a' }),
});

/** Who may call it: a client can know before it asks. */
const rolesOf = (route: Route) => {
  const permission = permissionOf(route);
  return ROLES.filter((role) => mayDo(role, permission));
};

function describe(route: Route): RouteConfig {
  return {
    method: route.method,
    path: route.path,
    tags: [route.tag],
    summary: route.summary,
    operationId: operationIdOf(route),
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.deprecated === true ? { deprecated: true } : {}),
    ...(route.auth === 'coach' ? { 'x-roles': rolesOf(route) } : {}),
    security: SECURITY[route.auth],
    request: {
      ...(route.params === null ? {} : { params: route.params as z.ZodObject }),
      ...(route.query === null ? {} : { query: route.query as z.ZodObject }),
      ...(route.method === 'post' && route.auth !== 'none' ? { headers: idempotencyHeader } : {}),
      ...(route.body === null
        ? {}
        : {
            body: {
              required: !(route.method === 'post' && route.body.safeParse({}).success),
              content: { 'application/json': { schema: route.body } },
            },
          }),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            content: { [answer.type ?? 'application/json']: { schema: answer.schema } },
          },
        ]),
      ),
      ...problemResponses(route),
    },
  };
}

/** A page or an endpoint that is not JSON in and out, told about in the documentation only. */
export interface DocumentedPage {
  method: 'get' | 'post' | 'delete';
  path: string;
  tag: string;
  summary: string;
  description: string;
  /** Where it takes JSON. */
  body?: z.ZodType;
  responses: Record<number, string>;
}

/** The OpenAPI 3.1 document of these routes and pages. */
export function openApiDocument(
  routes: readonly Route[],
  pages: readonly DocumentedPage[],
  serverUrl: string,
) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'coachKey', {
    type: 'http',
    scheme: 'bearer',
    description: "A coach's API key, `ses_test_…` or `ses_live_…`",
  });
  registry.registerComponent('securitySchemes', 'platformKey', {
    type: 'http',
    scheme: 'bearer',
    description: "Session's own key",
  });
  // What nobody may do is no operation: src/domain/permissions.ts.
  for (const route of routes) permissionOf(route);
  for (const route of routes) registry.registerPath(describe(route));
  for (const page of pages)
    registry.registerPath({
      method: page.method,
      path: page.path,
      tags: [page.tag],
      summary: page.summary,
      description: page.description,
      security: [],
      request: {
        params: z.object(
          Object.fromEntries(
            [...page.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name ?? '', z.string()]),
          ),
        ),
        ...(page.body === undefined
          ? {}
          : { body: { required: true, content: { 'application/json': { schema: page.body } } } }),
      },
      responses: {
        ...Object.fromEntries(
          Object.entries(page.responses).map(([status, description]) => [status, { description }]),
        ),
        ...(page.path === '/healthz'
          ? {}
          : { 429: { description: 'Too often; `Retry-After` says when again', headers: limitHeaders } }),
      },
    });
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Session Payments',
      version: '1.0.0',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: serverUrl }],
  });
}
