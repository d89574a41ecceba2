import { type IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import { NOTHING } from './content-security';

/**
 * The headers of everything that we send; pages set a policy of their own (html.ts), everything else is data and may do nothing
 * in a browser. None of them depends on the request: helmet is asked once.
 */
export function secureHeaders(): Map<string, string> {
  const request = { method: 'GET' } as IncomingMessage;
  const response = new ServerResponse(request);
  const ask = helmet({
    frameguard: { action: 'deny' },
    contentSecurityPolicy: { useDefaults: false, directives: NOTHING },
  });
  ask(request, response, (error) => {
    if (error !== undefined) throw error as Error;
  });
  return new Map(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}
