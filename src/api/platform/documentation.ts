import { type RequestHandler, Router } from 'express';
import { serve, setup } from 'swagger-ui-express';
import { PROBLEMS } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import { html, sendPage } from '../../html';
import { contentSecurityPolicy, OWN_FILES } from '../http/content-security';
import { onlyMethods, refuseOtherMethods } from '../http/methods';
import { openApiDocument } from '../http/openapi';
import type { Route } from '../http/route';
import { PAGES } from './documented-pages';
import { guidesRouter } from './guides';

/** How the page of the document is. */
const PAGE = {
  customSiteTitle: 'Session Payments API',
  // The subjects at a glance, also on a phone; each operation has an address of its own.
  swaggerOptions: {
    docExpansion: 'none',
    filter: true,
    deepLinking: true,
    defaultModelsExpandDepth: 0,
  },
};

/** `/openapi.json`, `/docs` (served from our own files) with its guides, and `/problems`, which error bodies point to. */
export function documentationRouter({ config }: ApiDeps, routes: readonly Route[]): Router {
  const router = Router();
  // Worked out when somebody asks: it is three quarters of what making the app takes.
  const document = once(() => openApiDocument(routes, PAGES, config.api.publicUrl));
  const made = once(() => setup({ ...document() }, PAGE));
  const page: RequestHandler = (req, res, next) => void made()(req, res, next);
  // One of the files behind the page has the document too, and may be asked of another process than the page was.
  const withPage: RequestHandler = (_req, _res, next) => {
    made();
    next();
  };
  router.get('/openapi.json', (_req, res) => {
    res.json(document());
  });
  router.use(guidesRouter());
  router.use('/docs', onlyMethods('GET', 'HEAD'), contentSecurityPolicy(OWN_FILES), withPage, serve, page);
  router.get('/problems', (_req, res) => {
    sendPage(res, {
      title: 'Problems',
      wide: true,
      body: html`<h1>Problems</h1>
        <p>Every error of the API is <code>application/problem+json</code> with one of these codes.</p>
        <table>
          <tr>
            <th>Code</th>
            <th>Status</th>
            <th>What to do</th>
          </tr>
          ${Object.entries(PROBLEMS).map(
            ([code, { status, todo }]) =>
              html`<tr id="${code}">
                <td><code>${code}</code></td>
                <td>${status}</td>
                <td>${todo}</td>
              </tr>`,
          )}
        </table>`,
    });
  });
  for (const path of ['/openapi.json', '/problems']) refuseOtherMethods(router, path, ['GET']);
  return router;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
