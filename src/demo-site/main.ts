import { createSessionClient } from '@session/sdk';
import { createDemoSite } from './app';
import { createMemberTokens } from './member-token';
import { environment, registerSite } from './settings';
import { MODES, type Site } from './site';
import { createTimeMachine } from './time-machine';

async function main(): Promise<void> {
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${issue?.path.join('.') ?? 'environment'}: ${issue?.message ?? 'is not valid'}`);
  }
  const env = parsed.data;
  const site: Site = {
    url: env.DEMO_SITE_URL,
    api: env.API_URL,
    console: env.CONSOLE_URL,
    session: {
      test: createSessionClient({ url: env.API_URL, key: env.DEMO_SECRET_KEY }),
      live: createSessionClient({ url: env.API_URL, key: env.DEMO_LIVE_SECRET_KEY }),
    },
    tokenFor: {
      test: createMemberTokens({ id: env.DEMO_SIGNING_ID, secret: env.DEMO_SIGNING_SECRET }),
      live: createMemberTokens({ id: env.DEMO_LIVE_SIGNING_ID, secret: env.DEMO_LIVE_SIGNING_SECRET }),
    },
    time: env.LOCAL_JSON === undefined ? null : createTimeMachine(env.LOCAL_JSON, env.DEMO_COACH_ID),
  };
  for (const mode of MODES) await registerSite(site.session[mode], mode, site.url);
  const server = createDemoSite(site).listen(env.DEMO_SITE_PORT, '127.0.0.1');
  server.on('error', (error) => fail(error));
  const stop = () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(error: unknown): never {
  process.stderr.write(
    `The demo site cannot start. ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
}

main().catch(fail);
