import assert from 'node:assert/strict';
import { eventually } from '../support/eventually';

/** A mail that the local stack has caught. */
export interface Caught {
  to: string[];
  subject: string;
  text: string;
}

/** The mails that were sent. @param url the local catcher's; null: there is none, and whoever asks fails */
export function mailbox(url: string | null) {
  /** The newest mail to an address whose subject fits. */
  const to = (email: string, subject: RegExp): Promise<Caught> =>
    eventually(`a mail ${String(subject)}`, async () => {
      const all = (await (await fetch(`${url ?? ''}/messages.json`)).json()) as Caught[];
      return all.findLast((mail) => mail.to.includes(email) && subject.test(mail.subject));
    });

  /** The address of the newest link that signs in. */
  async function signInUrl(email: string): Promise<string> {
    const { text } = await to(email, /anmelden|sign in/i);
    const found = /https?:\S+\/console\/sign-in\/[\w-]{43}/.exec(text)?.[0];
    assert.ok(found, text);
    return found;
  }
  return { to, signInUrl };
}
