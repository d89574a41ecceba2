import type { Server, ServerResponse } from 'node:http';

/**
 * Has a server end without cutting anybody off: it takes no new connection, answers what it was asked, and closes each connection
 * with that answer, and says so in it. Node leaves a connection on which an answer was under way open until it has been
 * idle for `keepAliveTimeout`. https://nodejs.org/api/http.html#serverclosecallback
 * @returns how it is ended; resolves when the last connection is closed
 */
export function closingGently(server: Server): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  let isClosing = false;
  // Before whoever answers: a header can be set until then.
  server.prependListener('request', (_request, response) => {
    if (isClosing) response.setHeader('Connection', 'close');
    underWay.add(response);
    response.once('close', () => {
      underWay.delete(response);
      // Its head may have been on its way before.
      if (isClosing) setImmediate(() => server.closeIdleConnections());
    });
  });
  return () => {
    isClosing = true;
    for (const response of underWay) if (!response.headersSent) response.setHeader('Connection', 'close');
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  };
}
