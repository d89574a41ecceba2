import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { html } from '../html';
import { STYLE } from './pages/layout';
import { showError, showPage } from './routes/respond';
import { shopRouter } from './routes/shop';
import { timeRouter } from './routes/time';
import type { Site } from './site';

/** A form of another site must not act here. https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site */
const sameSiteForms: RequestHandler = (req, res, next) => {
  const from = req.get('sec-fetch-site');
  if (req.method === 'POST' && from !== undefined && from !== 'same-origin' && from !== 'none') {
    res.status(403).send('This form was sent from another site.');
    return;
  }
  next();
};

/** The demo coach's web site: server-rendered, no script but the purchase button, and nothing but the public API behind it. */
export function createDemoSite(site: Site): Express {
  const app = express();
  app.disable('x-powered-by');
  app.locals['consoleUrl'] = site.console;
  app.locals['buyScript'] = `${site.api}/buy.js`;
  app.use((_req, res, next) => {
    res.setHeader(
      'Content-Security-Policy',
      [
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
        // What the purchase button needs: its script, and the answer to what it costs.
        `script-src ${site.api}; connect-src ${site.api}`,
      ].join('; '),
    );
    res.setHeader('Referrer-Policy', 'same-origin');
    next();
  });
  app.get('/style.css', (_req, res) => {
    res.type('css').send(STYLE);
  });
  app.use(express.urlencoded({ extended: false, limit: '20kb' }));
  app.use(sameSiteForms);
  app.get('/', (_req, res) => {
    res.redirect(303, '/test');
  });
  app.param('mode', (_req, _res, next, mode) => {
    next(mode === 'test' || mode === 'live' ? undefined : 'route');
  });
  app.use('/:mode/time', timeRouter(site));
  app.use('/:mode', shopRouter(site));
  app.use((req, res) => {
    showPage(req, res, {
      title: 'Not found',
      path: '',
      status: 404,
      body: html`<h1>There is no such page</h1>
        <p><a class="button" href="/test">To the offers</a></p>`,
    });
  });
  const onError: ErrorRequestHandler = (error: unknown, req, res, next) => {
    if (res.headersSent) next(error);
    else showError(req, res, error);
  };
  app.use(onError);
  return app;
}
