import { z } from 'zod';
import type { SessionClient, Mode } from '@session/sdk';

const address = z.url().transform((url) => url.replace(/\/+$/, ''));

/** What the launcher hands over. */
export const environment = z.object({
  DEMO_SITE_PORT: z.coerce.number().int().min(1).max(65_535),
  DEMO_SITE_URL: address,
  DEMO_COACH_ID: z.string().min(1),
  DEMO_SECRET_KEY: z.string().min(1),
  DEMO_LIVE_SECRET_KEY: z.string().min(1),
  DEMO_SIGNING_ID: z.string().min(1),
  DEMO_SIGNING_SECRET: z.string().min(1),
  DEMO_LIVE_SIGNING_ID: z.string().min(1),
  DEMO_LIVE_SIGNING_SECRET: z.string().min(1),
  API_URL: address,
  CONSOLE_URL: address,
  /** Where `npm start` writes down what it runs; time can be moved with it. */
  LOCAL_JSON: z.string().optional(),
});

/** Tells Session where members come back to, as a coach does once in the settings. What was chosen there stays. */
export async function registerSite(session: SessionClient, mode: Mode, url: string): Promise<void> {
  const settings = await session.get('/v1/settings');
  await session.put('/v1/settings', {
    body: {
      ...settings,
      origins: [...new Set([...(settings.origins ?? []), url])],
      defaultSuccessUrl: `${url}/${mode}/welcome`,
      defaultCancelUrl: `${url}/${mode}`,
    },
  });
}
