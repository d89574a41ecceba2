import { z } from 'zod';
import { LEAST_AUDIT_DAYS, LEAST_EVENT_DAYS, LEAST_IDEMPOTENCY_HOURS } from '../domain/retention';
import { baseAddress } from './addresses';
import { rateLimits } from './limits';
import { clientId, encryptionKey, payloadKeys, platformKey, stripeKey, webhookSecrets } from './secrets';
import { mailAddress, smtpUrl } from './smtp';
import { stripeLimits } from './stripe-limits';

const seconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const atLeast = (least: number, fallback: number) => z.coerce.number().int().min(least).default(fallback);

/** Temporal joins the two with one of these signs. */
const deploymentName = z.string().regex(/^[\w-]{1,64}$/, 'has to be letters, digits, - and _, 64 at most');
const buildId = z.string().regex(/^[\w.+-]{1,64}$/, 'has to be letters, digits, . + - and _, 64 at most');

const collector = z.url({ protocol: /^https?$/, error: 'is not an http or https address' });

/** Every variable that is read, and what it may be. */
export const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_PASSWORD: z.string().min(1).optional(),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).default(10),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TASK_QUEUE: z.string().min(1).default('session-payments'),
  TEMPORAL_DEPLOYMENT_NAME: deploymentName.optional(),
  TEMPORAL_WORKER_BUILD_ID: buildId.optional(),
  TEMPORAL_PAYLOAD_KEYS: payloadKeys.optional(),
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }).optional(),
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  WORKER_HTTP_HOST: z.string().default('127.0.0.1'),
  WORKER_HTTP_PORT: z.coerce.number().int().min(1).max(65534).optional(),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
  RATE_LIMITS: rateLimits.prefault(''),
  PUBLIC_URL: baseAddress,
  PLATFORM_KEY: platformKey,
  ENCRYPTION_KEY: encryptionKey,
  STRIPE_API_BASE: baseAddress.optional(),
  STRIPE_RATE_LIMITS: stripeLimits.optional(),
  STRIPE_CONNECT_BASE: baseAddress.default('https://connect.stripe.com'),
  CONNECT_FLOW: z.enum(['oauth', 'account_links']).default('oauth'),
  STRIPE_TEST_SECRET_KEY: stripeKey('test').optional(),
  STRIPE_TEST_CLIENT_ID: clientId.optional(),
  STRIPE_TEST_CONNECT_WEBHOOK_SECRET: webhookSecrets.optional(),
  STRIPE_TEST_PLATFORM_WEBHOOK_SECRET: webhookSecrets.optional(),
  STRIPE_LIVE_SECRET_KEY: stripeKey('live').optional(),
  STRIPE_LIVE_CLIENT_ID: clientId.optional(),
  STRIPE_LIVE_CONNECT_WEBHOOK_SECRET: webhookSecrets.optional(),
  STRIPE_LIVE_PLATFORM_WEBHOOK_SECRET: webhookSecrets.optional(),
  LOCAL_CLOCK: z.stringbool().default(false),
  WEBHOOKS_TO_THIS_MACHINE: z.stringbool().default(false),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: mailAddress.optional(),
  RELAY_POLL_SECONDS: seconds(5),
  CHECKOUT_POLL_SECONDS: seconds(120),
  RECONCILE_MINUTES: seconds(30),
  RETENTION_MINUTES: seconds(60),
  RETENTION_EVENT_BODY_DAYS: atLeast(1, 30),
  RETENTION_EVENT_DAYS: atLeast(LEAST_EVENT_DAYS, 90),
  RETENTION_IDEMPOTENCY_HOURS: atLeast(LEAST_IDEMPOTENCY_HOURS, 24),
  RETENTION_FACT_DAYS: atLeast(1, 90),
  RETENTION_AUDIT_DAYS: atLeast(LEAST_AUDIT_DAYS, 730),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  CODEC_SERVER_PORT: z.coerce.number().int().min(0).max(65535).default(8235),
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.optional(),
  WORKFLOW_BUNDLE: z.string().default('dist/workflow-bundle.js'),
  CONSOLE_DIR: z.string().default('dist/console'),
});

export type Environment = z.infer<typeof schema>;

/** Thrown for a bad environment; the message is one clear sentence for the person at the terminal. */
export class ConfigError extends Error {}

/** @throws ConfigError naming the first variable that is wrong */
export function parse<T>(shape: z.ZodType<T>, env: Record<string, string | undefined>): T {
  const parsed = shape.safeParse(env);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`${issue?.path.join('.') ?? 'The environment'}: ${issue?.message ?? 'is not valid'}`);
}
