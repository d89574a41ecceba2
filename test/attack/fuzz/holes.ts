import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const json = (type: string, schema: object) => ({
  description: 'An answer',
  content: { [type]: { schema } },
});
const responses = {
  200: json('application/json', {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string' } },
  }),
  400: json('application/problem+json', { type: 'object' }),
};
const size = { name: 'size', in: 'query', required: true, schema: { type: 'integer', minimum: 1 } };
const named = { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } };

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'An API with holes', version: '1' },
  paths: {
    '/fails': {
      get: { parameters: [size], responses: { ...responses, 500: json('application/problem+json', {}) } },
    },
    '/answers-otherwise': { get: { responses } },
    '/refuses-what-is-allowed': {
      post: {
        requestBody: { required: true, content: { 'application/json': { schema: named } } },
        responses,
      },
    },
  },
};

/** An API that fails, answers otherwise than its document says, and refuses what that allows: one route each. */
export async function withHoles<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    request.resume();
    const { pathname } = new URL(request.url ?? '/', 'http://holes.invalid');
    switch (pathname) {
      case '/openapi.json':
        return send(response, 200, DOCUMENT);
      case '/fails':
        return send(response, 500, { code: 'internal' });
      case '/answers-otherwise':
        return send(response, 200, { id: 5 });
      default:
        return send(response, 400, { code: 'invalid_request', field: 'name', detail: 'It is never taken.' });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  const type = status === 200 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}
