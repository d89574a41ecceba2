import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Stripe from 'stripe';

/** One webhook request as it came in. */
export interface Received {
  body: string;
  signature: string;
  event: Stripe.Event;
}

/** A webhook endpoint of a test: keeps what it gets and answers what it is told. */
export class Receiver {
  readonly received: Received[] = [];
  /** Status of the next answers; 200 when empty. */
  readonly answers: number[] = [];
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(server, `http://127.0.0.1:${port}/hook`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const status = receiver.answers.shift() ?? 200;
        if (status === 200) {
          receiver.received.push({
            body,
            signature: String(request.headers['stripe-signature']),
            event: JSON.parse(body) as Stripe.Event,
          });
        }
        response.statusCode = status;
        response.end('{}');
      });
    });
    return receiver;
  }

  types(account?: string): string[] {
    return this.received
      .filter(({ event }) => account === undefined || event.account === account)
      .map(({ event }) => event.type);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
