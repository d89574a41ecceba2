import { randomInt } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** Below what operating systems take for outgoing connections, so that none of those takes a port before its server. */
const FIRST = 15_000;
const LAST = 32_000;

/**
 * Different TCP ports of the loopback interface that nobody listens on at this moment. All are held open until the last
 * one is known.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(FIRST, LAST);
    const server = await listenOn(port);
    if (server === null) continue;
    held.push(server);
    ports.push(port);
  }
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A server on the port; null where there is one already. */
function listenOn(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, LOOPBACK, () => resolve(server));
  });
}

/** One port as {@link freePorts} finds them. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

async function canListen(port: number): Promise<boolean> {
  const server = await listenOn(port);
  if (server === null) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

function somebodyAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * Whether a server of ours could listen on the port. Both are asked because macOS lets one process listen on the
 * loopback address while another holds the same port on all addresses.
 */
export async function isPortFree(port: number): Promise<boolean> {
  return !(await somebodyAnswers(port)) && (await canListen(port));
}
