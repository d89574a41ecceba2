import { existsSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import express, { type RequestHandler, type Response, Router } from 'express';
import { ProblemError } from '../../domain/problem';
import { html, sendPage } from '../../html';
import { contentSecurityPolicy, OWN_FILES } from '../http/content-security';
import { onlyMethods } from '../http/methods';

/** The build puts a compressed file beside each one; the first that the browser takes is sent. */
const COMPRESSED = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
];
/** Seconds: a year. The name of an asset changes with its content. */
const FOR_EVER = 31_536_000;

/** The built files of the console, and its one page at every other address below `/console`. */
export function appFilesRouter(folder: string): Router {
  const router = Router();
  const root = resolve(folder);
  const index = join(root, 'index.html');
  router.use(contentSecurityPolicy({ ...OWN_FILES, fontSrc: ["'self'"], formAction: ["'self'"] }));
  router.use(onlyMethods('GET', 'HEAD'));
  for (const { encoding, suffix } of COMPRESSED)
    router.use('/assets', compressed(join(root, 'assets'), encoding, suffix));
  router.use('/assets', express.static(join(root, 'assets'), immutable()));
  router.use('/assets', () => {
    throw new ProblemError('route_not_found', 'There is no such file of the console.');
  });
  router.use(express.static(root, { index: false, redirect: false, acceptRanges: false, maxAge: 0 }));
  router.use((_req, res) => {
    if (!existsSync(index)) return sendNotBuilt(res);
    // The page names the assets of the day, so it is never kept.
    res.setHeader('Cache-Control', 'no-store');
    res.sendFile(index, { cacheControl: false, lastModified: false, etag: false });
  });
  return router;
}

const immutable = () => ({
  index: false,
  redirect: false,
  acceptRanges: false,
  immutable: true,
  maxAge: FOR_EVER * 1000,
});

/** Sends the compressed sibling of a file, where there is one and the browser takes it. */
function compressed(folder: string, encoding: string, suffix: string): RequestHandler {
  const files = express.static(folder, {
    ...immutable(),
    setHeaders(res: Response, path: string) {
      res.setHeader('Content-Encoding', encoding);
      res.type(extname(path.slice(0, -suffix.length)));
    },
  });
  return (req, res, next) => {
    res.vary('Accept-Encoding');
    if (req.acceptsEncodings(encoding) === false) return next();
    const asked = req.url;
    req.url = `${req.path}${suffix}`;
    files(req, res, (error?: unknown) => {
      req.url = asked;
      next(error);
    });
  };
}

function sendNotBuilt(res: Response): void {
  sendPage(res, {
    title: 'The console is not built',
    status: 503,
    body: html`<h1>The console is not built</h1>
      <p>Run <code>npm run build</code> where this API runs, then open this page again.</p>`,
  });
}
