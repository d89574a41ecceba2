import { Agent, createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { shuffled } from './random';

/** What happens to events on their way. */
export interface Accident {
  order: 'as_sent' | 'shuffled';
  /** Each comes twice, and some old ones come again. */
  repeated: boolean;
  lost: 'none' | 'some' | 'all';
}

export const SMOOTH: Accident = { order: 'as_sent', repeated: false, lost: 'none' };

/** A delivery of the emulator, as it was signed. */
interface Letter {
  created: number;
  type: string;
  body: string;
  headers: IncomingHttpHeaders;
}

/** Old events that may come again: signatures are good for five minutes, so only a few are kept. */
const REMEMBERED = 8;

interface Box {
  waiting: Letter[];
  lost: Letter[];
  old: Letter[];
}

export type Network = Awaited<ReturnType<typeof startNetwork>>;

/**
 * What lies between Stripe and our endpoint: it takes every delivery of the emulator, and hands it on when told, repeated,
 * in another order, later or never. Bodies and signatures stay as they are.
 */
export async function startNetwork() {
  const boxes = new Map<string, Box>();
  const agent = new Agent({ keepAlive: true });
  let endpoint = '';
  const boxOf = (account: string): Box => {
    const box = boxes.get(account) ?? { waiting: [], lost: [], old: [] };
    boxes.set(account, box);
    return box;
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const event = JSON.parse(body) as { account?: string; created: number; type: string };
      boxOf(event.account ?? '').waiting.push({ ...event, body, headers: request.headers });
      response.writeHead(200).end('{}');
    });
  });
  // No idle connection is closed while somebody is about to use it.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  /** By Node's own client: there are many of them, and `fetch` costs several times as much. */
  function post({ body, headers }: Letter): Promise<void> {
    return new Promise((resolve, reject) => {
      const delivery = request(endpoint, {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'stripe-signature': String(headers['stripe-signature']),
        },
      });
      delivery.on('error', reject);
      delivery.on('response', (answer) => {
        answer.resume();
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`The endpoint answered ${answer.statusCode} to a signed event.`));
        });
      });
      delivery.end(body);
    });
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    leadsTo(address: string): void {
      endpoint = address;
    },

    /** Hands on what waits for an account. Answers how many deliveries reached the endpoint and how many got lost. */
    async deliver(
      account: string,
      accident: Accident,
      random: () => number,
    ): Promise<{ delivered: number; lost: number }> {
      const box = boxOf(account);
      // Deliveries run side by side: what the emulator sent first is what happened first.
      const letters = box.waiting
        .splice(0)
        .sort((a, b) => a.created - b.created || (a.type < b.type ? -1 : 1));
      const isLost = () => accident.lost === 'all' || (accident.lost === 'some' && random() < 0.5);
      const lost = letters.filter(isLost);
      const arriving = letters.filter((letter) => !lost.includes(letter));
      const again = accident.repeated
        ? [...arriving, ...shuffled(box.old, random).slice(0, Math.floor(random() * 4))]
        : [];
      const all = [...arriving, ...again];
      for (const letter of accident.order === 'shuffled' ? shuffled(all, random) : all) await post(letter);
      box.lost.push(...lost);
      box.old = [...box.old, ...arriving].slice(-REMEMBERED);
      return { delivered: all.length, lost: lost.length };
    },
    /** What got lost turns up after all, in any order. */
    async find(account: string, random: () => number): Promise<number> {
      const letters = boxOf(account).lost.splice(0);
      for (const letter of shuffled(letters, random)) await post(letter);
      return letters.length;
    },
    forget(account: string): void {
      boxes.delete(account);
    },
    close: () =>
      new Promise<void>((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
