import { Router } from 'express';
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

/** `/openapi.json`, `/docs` (served from our own files) with its guides, and `/problems`, which error bodies point to. */
export function documentationRouter({ config }: ApiDeps, routes: readonly Route[]): Router {
  const router = Router();
  const document = openApiDocument(routes, PAGES, config.api.publicUrl);
  router.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  router.use(guidesRouter());
  router.use(
    '/docs',
    onlyMethods('GET', 'HEAD'),
    contentSecurityPolicy(OWN_FILES),
    serve,
    setup(
      { ...document },
      {
        customSiteTitle: 'Session Payments API',
        // The subjects at a glance, also on a phone; each operation has an address of its own.
        swaggerOptions: {
          docExpansion: 'none',
          filter: true,
          deepLinking: true,
          defaultModelsExpandDepth: 0,
        },
      },
    ),
  );
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
