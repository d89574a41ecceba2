import { z } from 'zod';

/** Where we are, and where Stripe is. */

const hostOf = (url: string): string => new URL(url).hostname;

/** Of this machine alone: what is sent there, nobody else reads. */
export function isLoopback(url: string): boolean {
  const host = hostOf(url);
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}

/** What others read and write along the way. */
export const isPlain = (url: string): boolean => new URL(url).protocol === 'http:' && !isLoopback(url);

/** Stripe itself, or an emulator on this machine: nobody else is sent a key that moves money. */
export function isStripeOrLocal(url: string): boolean {
  const { protocol, port } = new URL(url);
  return isLoopback(url) || (protocol === 'https:' && port === '' && /(^|\.)stripe\.com$/.test(hostOf(url)));
}

/** What is wrong with an address that paths are put behind; null: nothing. */
function problemOf(text: string): string | null {
  // What a browser would mend is a mistake here, such as a missing slash or a line break in the middle.
  if (!/^https?:\/\/[^\s/\\][^\s\\]*$/i.test(text) || !URL.canParse(text))
    return 'is not an http or https address';
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') return 'has credentials in it, which would be shown to everybody';
  return /[?#]/.test(text) ? 'has a query or a fragment, behind which no path can stand' : null;
}

/** An http or https address, as browsers write it: `HTTPS://` is not taken for something else than `https://`. */
export const baseAddress = z.string().transform((text, context) => {
  const problem = problemOf(text);
  if (problem === null) return new URL(text).href.replace(/\/+$/, '');
  context.addIssue(problem);
  return z.NEVER;
});
