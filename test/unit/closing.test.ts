import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closingGently } from '../../src/api/closing';

const MINUTE = 60_000;

describe('a server that is asked to end', () => {
  /** A server whose answers wait for us, and a client that keeps its connections. */
  async function begin() {
    const server = createServer({ keepAliveTimeout: 5 * MINUTE });
    const close = closingGently(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true });
    const ask = async () => {
      const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
      const answered = once(get({ port, agent }), 'response') as Promise<[IncomingMessage]>;
      const [, response] = await asked;
      return {
        response,
        answer: async () => {
          const [message] = await answered;
          const body: Buffer[] = await message.toArray();
          return { connection: message.headers.connection, text: Buffer.concat(body).toString() };
        },
      };
    };
    return { close, ask, end: () => agent.destroy() };
  }

  test('answers what it was asked, says that it closes the connection, and has ended', async () => {
    const { close, ask, end } = await begin();
    const { response, answer } = await ask();
    const closed = close();
    response.end('done');
    expect(await answer()).toEqual({ connection: 'close', text: 'done' });
    await closed;
    end();
  });

  test('finishes an answer whose head has gone, and has ended', async () => {
    const { close, ask, end } = await begin();
    const { response, answer } = await ask();
    response.write('half, ');
    const closed = close();
    response.end('and the rest');
    expect(await answer()).toEqual({ connection: 'keep-alive', text: 'half, and the rest' });
    await closed;
    end();
  });

  test('does not wait for a connection that nobody uses', async () => {
    const { close, ask, end } = await begin();
    const { response, answer } = await ask();
    response.end('done');
    expect(await answer()).toMatchObject({ connection: 'keep-alive' });
    await close();
    end();
  });
});
