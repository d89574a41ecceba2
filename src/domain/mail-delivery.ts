import { fraction } from './jitter';
import { HOUR, MINUTE, type Seconds } from './time';

/** How mails are handed over to the mail server: what its answers mean, waiting, and giving up. */

/** Seconds from a failed try to the next, were there no jitter: nine tries in three days. */
const DELAYS = [MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 4 * HOUR, 10 * HOUR, 20 * HOUR, 36 * HOUR];

export const MAIL_TRIES = DELAYS.length + 1;
/** By how much of itself a delay is longer or shorter, so that what failed together does not come back together. */
const JITTER = 0.1;

/** Seconds until the next try; null: there is none. @param tries how many have failed @param id the mail's, for the jitter */
export function secondsToNextMailTry(tries: number, id: string): Seconds | null {
  const delay = DELAYS[tries - 1];
  return delay === undefined
    ? null
    : Math.round(delay * (1 - JITTER + 2 * JITTER * fraction(`${id}/${tries}`)));
}

/** What a mail server answered, or that it did not. */
export interface SmtpAnswer {
  /** The reply code, 250 say; null: there was no answer. https://www.rfc-editor.org/rfc/rfc5321#section-4.2 */
  code: number | null;
  /** The enhanced status code, `5.1.1` say; null: there was none. https://www.rfc-editor.org/rfc/rfc3463 */
  enhanced: string | null;
  /** Which command it answers: `RCPT TO`, `DATA`, …; what went wrong where there was no answer. */
  at: string;
}

/** `permanent` with `badAddress`: it is the address that the server does not know. */
export type HandOver =
  | { result: 'accepted' }
  | { result: 'temporary' }
  | { result: 'permanent'; badAddress: boolean }
  | { result: 'unclear' };

/**
 * What an answer means for the mail. Without one, it depends on whether anything of the mail was handed over: a server that
 * has begun to take it may have taken all of it.
 */
export function meaningOf(answer: SmtpAnswer, wasHandedOver: boolean): HandOver {
  const { code } = answer;
  if (code === null) return { result: wasHandedOver ? 'unclear' : 'temporary' };
  if (code >= 200 && code < 300) return { result: 'accepted' };
  if (code >= 500) return isOurs(answer) ? { result: 'temporary' } : permanent(answer);
  return { result: 'temporary' };
}

/** Refused before the mail was named: our login or our name is wrong, which somebody mends, and the mail is not at fault. */
const isOurs = ({ at }: SmtpAnswer): boolean => !['MAIL FROM', 'RCPT TO', 'DATA'].includes(at);

/** The address is bad if it was refused by itself, and not by a rule about who may send. */
function permanent({ code, enhanced, at }: SmtpAnswer): HandOver {
  const isAbout =
    enhanced === null ? code === 550 || code === 551 || code === 553 : /^5\.(1\.[1236]|2\.1)$/.test(enhanced);
  return { result: 'permanent', badAddress: at === 'RCPT TO' && isAbout };
}

/** An answer as it is kept: its codes, never its words, which repeat the address. */
export const answerInCodes = ({ code, enhanced, at }: SmtpAnswer): string =>
  [code ?? 'no answer', enhanced, `(${at})`].filter((part) => part !== null).join(' ');
