// A receiver of webhooks, with nothing but the SDK. Says on each line what it took in, or why it refused.
//   SESSION_WEBHOOK_SECRET=whsec_… PORT=8787 node receiver.mjs
import { createServer } from 'node:http';
import { verifyWebhook, WebhookVerificationError } from '@session/sdk';

const secret = process.env.SESSION_WEBHOOK_SECRET;
const say = (line) => console.log(JSON.stringify(line));

const server = createServer(async (request, response) => {
  try {
    const parts = [];
    for await (const part of request) parts.push(part);
    // The body as it came: never parsed and written again.
    const { type, data } = await verifyWebhook({
      body: Buffer.concat(parts),
      headers: request.headers,
      secret,
    });
    say({ id: data.id, type, present: data.present });
    response.writeHead(204).end();
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    say({ refused: error.reason });
    response.writeHead(400).end(error.message);
  }
});
server.listen(Number(process.env.PORT ?? 8787), '127.0.0.1', () => {
  say({ url: `http://127.0.0.1:${server.address().port}/session-events` });
});
