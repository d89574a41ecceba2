import http from 'node:http';
import https from 'node:https';

export interface SendResult {
  status: number | null;
  error: string | null;
}

/**
 * Posts a payload. Any 2xx is success; redirects are not followed. Never throws. A connection that was kept and that the
 * other side closed in the same moment has carried nothing: the payload is sent again on another.
 * https://nodejs.org/api/http.html#requestreusedsocket
 */
export function send(
  url: string,
  payload: string,
  signature: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SendResult> {
  return new Promise((resolve) => {
    const finish = (result: SendResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(() => request.destroy(new Error('timed out')), timeoutMs);
    const client = url.startsWith('https:') ? https : http;
    const request = client.request(
      url,
      {
        method: 'POST',
        signal,
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Length': Buffer.byteLength(payload),
          'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          Accept: '*/*; q=0.5, application/xml',
          'Cache-Control': 'no-cache',
          'Stripe-Signature': signature,
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => finish({ status: response.statusCode ?? null, error: null }));
        response.on('error', (error) => finish({ status: null, error: error.message }));
      },
    );
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (request.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted) {
        clearTimeout(timer);
        resolve(send(url, payload, signature, timeoutMs, signal));
      } else finish({ status: null, error: error.message });
    });
    request.end(payload);
  });
}
