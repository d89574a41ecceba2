import { Readable } from 'node:stream';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpAnswer } from '../domain/mail-delivery';

/** Where mails are handed over, and as whom. */
export interface MailServer {
  /** `smtp://user:password@host:587`, or `smtps://`. */
  url: string;
  /** The address that all mails are from. */
  from: string;
}

/** A mail as it goes over the wire. */
export interface Envelope {
  from: string;
  to: string;
  message: Buffer;
}

const CONNECT_TIMEOUT_MS = 15_000;
/** A server may take ten minutes to say that it has a mail: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.6 */
const ANSWER_TIMEOUT_MS = 10 * 60_000;

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/**
 * Hands one mail to the mail server, and answers what it said; never throws for what the server does or leaves. Before the first
 * byte of the mail, and only once the server has taken sender and address, `beforeTheMail` is waited for: where it
 * throws, nothing is handed over. Whether it was called tells a mail that cannot have been taken from one that may have been.
 * https://nodemailer.com/extras/smtp-connection
 */
export async function handOver(
  server: Pick<MailServer, 'url'>,
  { from, to, message }: Envelope,
  beforeTheMail: () => Promise<void>,
): Promise<SmtpAnswer> {
  const { auth, host, port, secure, tls } = parseConnectionUrl(server.url);
  const connection = new SMTPConnection({
    host,
    port,
    secure,
    ...(tls === undefined ? {} : { tls }),
    // A password, and what people are told, go over the wire in the open on this machine alone.
    requireTLS: secure !== true && !LOOPBACK.test(host ?? ''),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: ANSWER_TIMEOUT_MS,
  });
  let refusal: unknown = null;
  try {
    await new Promise<void>((resolve, reject) => {
      // It is emitted beside the callbacks, also after them.
      connection.on('error', reject);
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    if (auth !== undefined)
      await new Promise<void>((resolve, reject) =>
        connection.login({ credentials: auth }, (error) => (error ? reject(error) : resolve())),
      );
    // Read only once the server has asked for it.
    const body = Readable.from(
      (async function* () {
        try {
          await beforeTheMail();
        } catch (error) {
          refusal = error;
          throw error;
        }
        yield message;
      })(),
    );
    const { response } = await new Promise<{ response: string }>((resolve, reject) => {
      connection.on('error', reject);
      connection.send({ from, to: [to], size: message.length }, body, (error, info) =>
        error ? reject(error) : resolve({ response: info.response ?? '' }),
      );
    });
    return answerOf(response, 'DATA');
  } catch (error) {
    if (refusal !== null) throw refusal;
    const { response, command, code } = error as { response?: string; command?: string; code?: string };
    return answerOf(response ?? '', response === undefined ? (code ?? 'unknown') : (command ?? 'unknown'));
  } finally {
    connection.close();
  }
}

/** The codes of a reply. https://www.rfc-editor.org/rfc/rfc2034 */
function answerOf(response: string, at: string): SmtpAnswer {
  const found = /^(\d{3})[ -](?:(\d\.\d{1,3}\.\d{1,3})\b)?/.exec(response);
  return { code: found === null ? null : Number(found[1]), enhanced: found?.[2] ?? null, at };
}
