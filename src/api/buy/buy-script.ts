import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { refuseOtherMethods } from '../http/methods';

/** The button itself: a custom element without dependencies, as browsers run it. */
const SCRIPT = readFileSync(join(__dirname, 'buy-button.js'));
const COMPRESSED = gzipSync(SCRIPT, { level: 9 });

/** `/buy.js`, for any site to load. */
export function buyScriptRouter(): Router {
  const router = Router();
  router.get('/buy.js', (req, res) => {
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    res.setHeader('Cache-Control', 'public, max-age=300');
    res.vary('Accept-Encoding');
    res.type('text/javascript');
    if (req.acceptsEncodings('gzip')) res.setHeader('Content-Encoding', 'gzip').send(COMPRESSED);
    else res.send(SCRIPT);
  });
  refuseOtherMethods(router, '/buy.js', ['GET']);
  return router;
}
