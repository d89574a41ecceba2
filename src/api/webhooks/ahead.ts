import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { beginningOf, type NoteEnd } from '../http/request-log';
import type { Receive } from './receive';

/** Where Stripe delivers. */
export const PATH = '/webhooks/stripe';
/** What Stripe is answered. */
export const ANSWER = { received: true };
/** What nobody is there to be told: the status that nginx logs where the client has closed the connection. */
const HUNG_UP = 499;

/**
 * Answers Stripe's deliveries ahead of Express, whose part in one is as large as that of all the rest. Whatever is not well goes on
 * to Express, which refuses it as it does everything: there the same delivery is not received again.
 * @param app the whole of the API
 * @param secure headers of every answer
 */
export function answerDeliveries(
  app: RequestListener,
  receive: Receive,
  noteEnd: NoteEnd,
  secure: ReadonlyMap<string, string>,
): RequestListener {
  const body = Buffer.from(JSON.stringify(ANSWER));
  const headers = {
    ...Object.fromEntries(secure),
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
  };
  const note = (request: IncomingMessage, status: number, facts?: object) =>
    noteEnd(request, { method: 'POST', route: PATH, status }, facts);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { requestId } = beginningOf(request);
    const facts = await receive(request);
    // Whoever has hung up meanwhile has delivered it all the same.
    if (response.destroyed) return note(request, 200, facts);
    response.on('close', () => note(request, 200, facts));
    response.writeHead(200, { 'X-Request-Id': requestId, ...headers }).end(body);
  };
  return (request, response) => {
    if (request.method !== 'POST' || request.url !== PATH) app(request, response);
    else
      answer(request, response).catch(() =>
        response.destroyed ? note(request, HUNG_UP) : app(request, response),
      );
  };
}
