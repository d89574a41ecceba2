import { ConfigError } from '../config/environment';
import { loadStripeSetupConfig } from '../config/stripe-setup-config';
import { reportLines, setUpStripe } from './stripe-setup';

const USAGE = `npm run stripe:setup [-- --check] [-- --json]

Creates or repairs the platform's webhook endpoints at Stripe, in each mode that has a key.
Needs PUBLIC_URL and STRIPE_TEST_SECRET_KEY or STRIPE_LIVE_SECRET_KEY.

  --check   changes nothing; exits with 1 when something is not as it has to be
  --json    prints the report as JSON`;

/** The command. Answers the exit code. */
export async function main(
  args: readonly string[],
  env: Record<string, string | undefined>,
  print: (line: string) => void,
): Promise<number> {
  const unknown = args.find((arg) => arg !== '--check' && arg !== '--json');
  if (unknown !== undefined) {
    print(USAGE);
    return unknown === '--help' ? 0 : 1;
  }
  try {
    const report = await setUpStripe(loadStripeSetupConfig(env), { check: args.includes('--check') });
    if (args.includes('--json')) print(JSON.stringify(report));
    else for (const line of reportLines(report)) print(line);
    return report.wrong > 0 ? 1 : 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : 'failed';
    print(error instanceof ConfigError ? message : `Stripe: ${message}`);
    return 1;
  }
}
