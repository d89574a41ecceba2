import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { late, type Lifetime } from '../../packages/stripe-emulator/test/support/late';

/** What was posted, as a receiver reads it. */
export interface Received {
  id: string;
  type: string;
  data: {
    memberId: string | null;
    sequence: number | null;
    state: { object: string };
    present: { object: string } | null;
  };
  /** Whether it was told that it was taken in. */
  accepted: boolean;
}

type Answering = { status: number; headers?: Record<string, string>; body?: string };

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;

/** Somebody's site, with the library of Standard Webhooks as its only way to read what comes. */
async function openReceiver() {
  const all: Received[] = [];
  let secrets: string[] = [];
  let answering: (id: string, times: number) => Answering = () => ({ status: 204 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const headers = request.headers as Record<string, string>;
      try {
        // Whichever secret it knows has to do.
        for (const secret of secrets) new Webhook(secret).verify(text, headers);
      } catch {
        response.writeHead(401).end('No signature of ours');
        return;
      }
      const id = headers['webhook-id'] ?? '';
      const { type, data } = JSON.parse(text) as Pick<Received, 'type' | 'data'>;
      const times = all.filter((each) => each.id === id).length + 1;
      const answer = answering(id, times);
      all.push({ id, type, data, accepted: answer.status >= 200 && answer.status < 300 });
      response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received: all,
    accepted: () => all.filter(({ accepted }) => accepted),
    /** Each of these has to verify what comes. */
    verifyWith(...known: string[]) {
      secrets = known;
    },
    answerWith(next: (id: string, times: number) => Answering) {
      answering = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function receiverFor(lifetime: Lifetime): Receiver {
  return late(lifetime, openReceiver, (receiver) => receiver.close());
}
