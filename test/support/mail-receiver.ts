import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { late, type Lifetime } from '../../packages/stripe-emulator/test/support/late';

/** What a mail server does with one mail. */
export type Behaviour =
  | 'take'
  /** Refuses it for now, before it has seen the mail, or after. */
  | 'not now'
  | 'not now, after all'
  /** There is no such address. */
  | 'unknown address'
  | 'refuse the mail'
  /** Is gone before it has taken anything. */
  | 'hang up'
  /** Has taken it, and is gone before it says so. */
  | 'take it and hang up';

type Behaving = (tries: number, address: string) => Behaviour | Promise<Behaviour>;

export interface TakenMail extends Email {
  /** Whether it said that it has it. */
  accepted: boolean;
  recipient: string;
}

export type MailReceiver = Awaited<ReturnType<typeof openMailReceiver>>;

const refusal = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

/** A mail server, over TCP as every other. */
async function openMailReceiver() {
  const taken: TakenMail[] = [];
  let tries = 0;
  let behaving: Behaving = () => 'take';
  const planned = new Map<string, Behaviour>();
  const hangUp = ({ id }: SMTPServerSession) => {
    for (const each of server.connections) if (each.id === id) each._socket.destroy();
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo({ address }, session, done) {
      Promise.resolve(behaving(++tries, address)).then((behaviour) => {
        planned.set(session.id, behaviour);
        if (behaviour === 'not now') done(refusal(450, '4.2.0 Mailbox busy'));
        else if (behaviour === 'unknown address') done(refusal(550, '5.1.1 No such user'));
        else if (behaviour === 'hang up') hangUp(session);
        else done();
      }, done);
    },
    onData(stream, session, done) {
      const behaviour = planned.get(session.id);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          const recipient = session.envelope.rcptTo[0]?.address ?? '';
          const refuses = behaviour === 'not now, after all' || behaviour === 'refuse the mail';
          if (!refuses) taken.push({ ...mail, recipient, accepted: behaviour === 'take' });
          if (behaviour === 'not now, after all') done(refusal(451, '4.3.0 Try again'));
          else if (behaviour === 'refuse the mail') done(refusal(554, '5.7.1 Not wanted'));
          else if (behaviour === 'take it and hang up') hangUp(session);
          else done();
        }, done);
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    /** Every mail that it has, whether it said so or not. */
    taken,
    /** @param next by the number of the try since then, when the address has been said */
    behave(next: Behaving) {
      behaving = next;
      tries = 0;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
export const mailReceiverFor = (lifetime: Lifetime): MailReceiver =>
  late(lifetime, openMailReceiver, (receiver) => receiver.close());
