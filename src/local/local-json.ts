import { writePrivateJson } from './data-folder';
import type { Addresses } from './product-environment';
import type { DemoCoach } from './secrets';

/** Where the running system is, for any program on this machine: `.data/local.json`. What is not there is null. */
export interface LocalJson {
  api: string;
  temporalUi: string | null;
  temporalAddress: string;
  /** As the API finds it. */
  databaseUrl: string;
  stripeEmulator: string | null;
  /** Where caught mails can be read. */
  mails: string | null;
  /** `signInUrl` signs in to the console as this coach, once. */
  demo: (DemoCoach & { siteUrl: string; signInUrl: string }) | null;
  platformKey: string;
  pids: Record<'api' | 'worker' | 'temporal' | 'postgres' | 'stripeEmulator', number | null>;
}

export function writeLocalJson(
  file: string,
  api: string,
  { temporalUi, temporalAddress, databaseUrls, stripeEmulator, mails }: Addresses,
  rest: Pick<LocalJson, 'demo' | 'platformKey' | 'pids'>,
): void {
  const content: LocalJson = {
    api,
    temporalUi,
    temporalAddress,
    databaseUrl: databaseUrls.api,
    stripeEmulator,
    mails,
    ...rest,
  };
  writePrivateJson(file, content);
}
