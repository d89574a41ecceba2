import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

/** A mail that was caught. */
export interface CaughtMail {
  id: number;
  at: string;
  from: string;
  to: string[];
  subject: string;
  messageId: string;
  headers: { key: string; value: string }[];
  html: string;
  text: string;
}

/** What is remembered; older ones are forgotten. */
const KEPT = 500;
const HOST = '127.0.0.1';

async function read(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A mail server on this machine that takes everything and passes nothing on. */
export async function startCatcher(port: number): Promise<{
  port: number;
  /** The newest first. */
  mails(): CaughtMail[];
  clear(): void;
  close(): Promise<void>;
}> {
  let caught: CaughtMail[] = [];
  let number = 0;
  const server = new SMTPServer({
    authOptional: true,
    // On this machine nobody reads along.
    disabledCommands: ['STARTTLS'],
    logger: false,
    onAuth: (_auth, _session, done) => done(null, { user: 'anybody' }),
    onData(stream, session, done) {
      read(stream)
        .then((raw) => PostalMime.parse(raw))
        .then((mail) => {
          const one: CaughtMail = {
            id: ++number,
            at: new Date().toISOString(),
            from: mail.from?.address ?? '',
            to: session.envelope.rcptTo.map(({ address }) => address),
            subject: mail.subject ?? '',
            messageId: mail.messageId ?? '',
            headers: mail.headers.map(({ key, value }) => ({ key, value })),
            html: mail.html ?? '',
            text: mail.text ?? '',
          };
          caught = [one, ...caught].slice(0, KEPT);
          done();
        }, done);
    },
  });
  // A client that goes away in the middle is no reason to stop.
  server.on('error', () => undefined);
  server.listen(port, HOST);
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    mails: () => caught,
    clear() {
      caught = [];
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
