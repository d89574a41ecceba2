import { randomUUID } from 'node:crypto';
import type { Mode } from '../domain/mode';
import { MODES } from './product-environment';
import type { DemoCoach, Secrets } from './secrets';

type SigningSecret = DemoCoach['signing'][Mode];

const COACH_NAME = 'Yoga with Ana';
/** As long as somebody may look at a terminal before opening the link in it. */
const LINK_MINUTES = 24 * 60;

async function call(
  api: string,
  key: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  return fetch(`${api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function expectJson<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function createKey(api: string, platformKey: string, coachId: string, mode: Mode): Promise<string> {
  const path = `/v1/coaches/${coachId}/api-keys`;
  const { key } = await expectJson<{ key: string }>(await call(api, platformKey, 'POST', path, { mode }));
  return key;
}

type Keys = Pick<DemoCoach, 'coachId' | 'secretKey' | 'liveSecretKey'>;

async function createCoach(api: string, platformKey: string): Promise<Keys> {
  const coach = await expectJson<{ id: string }>(
    await call(api, platformKey, 'POST', '/v1/coaches', { name: COACH_NAME }),
  );
  const [secretKey, liveSecretKey] = await Promise.all(
    MODES.map((mode) => createKey(api, platformKey, coach.id, mode)),
  );
  return { coachId: coach.id, secretKey: secretKey as string, liveSecretKey: liveSecretKey as string };
}

/** False when the database was replaced since the coach was made. */
async function stillValid(api: string, { secretKey, liveSecretKey }: Keys): Promise<boolean> {
  const answers = await Promise.all(
    [secretKey, liveSecretKey].map((key) => call(api, key, 'GET', '/v1/settings')),
  );
  return answers.every(({ ok }) => ok);
}

/** The signing secret that is kept from the last start, or a new one where it is not the one in use. */
async function signingSecret(
  api: string,
  key: string,
  known: SigningSecret | undefined,
): Promise<SigningSecret> {
  const { data } = await expectJson<{ data: { id: string; validUntil: string | null }[] }>(
    await call(api, key, 'GET', '/v1/signing-secrets'),
  );
  if (known !== undefined && data.some(({ id, validUntil }) => id === known.id && validUntil === null))
    return known;
  const { id, secret } = await expectJson<SigningSecret>(
    await call(api, key, 'POST', '/v1/signing-secrets', {}),
  );
  return { id, secret };
}

/** A link that signs in to the console as this coach, once. */
export async function createSignInUrl(api: string, platformKey: string, coachId: string): Promise<string> {
  const { url } = await expectJson<{ url: string }>(
    await call(api, platformKey, 'POST', `/v1/coaches/${coachId}/console-links`, {
      expiresInMinutes: LINK_MINUTES,
      // Who runs it on their own machine is its operator.
      operator: true,
    }),
  );
  return url;
}

/**
 * One coach to try everything with, made through the public API as the platform would, and kept from start to start.
 * Members may be sent back to the demo site, and Stripe sends the coach back to the console.
 */
export async function seedDemoCoach(
  api: string,
  platformKey: string,
  at: { siteUrl: string; consoleUrl: string },
  secrets: Secrets,
): Promise<DemoCoach> {
  const known = secrets.demo;
  const kept = known && (await stillValid(api, known)) ? known : null;
  const { coachId, secretKey, liveSecretKey } = kept ?? (await createCoach(api, platformKey));
  const demo = {
    coachId,
    secretKey,
    liveSecretKey,
    signing: {
      test: await signingSecret(api, secretKey, kept?.signing?.test),
      live: await signingSecret(api, liveSecretKey, kept?.signing?.live),
    },
  };
  secrets.keepDemo(demo);
  for (const mode of MODES) {
    const key = mode === 'test' ? demo.secretKey : demo.liveSecretKey;
    const settings = await expectJson<{ origins: string[] }>(await call(api, key, 'GET', '/v1/settings'));
    const origins = [...new Set([...settings.origins, at.siteUrl])];
    const connectionReturnUrl = `${at.consoleUrl}/${mode}/settings/payments/return`;
    await expectJson(await call(api, key, 'PATCH', '/v1/settings', { origins, connectionReturnUrl }));
  }
  return demo;
}
