import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { oauthRoutes } from './connect/routes';
import { controlRoutes } from './control/routes';
import type { Emulator } from './emulator';
import { Api } from './http/api';
import { EndpointTable } from './http/endpoint';
import { checkoutRoutes } from './pages/checkout-routes';
import { documentRoutes } from './pages/document-pages';
import { indexRoutes } from './pages/index-page';
import { onboardingRoutes } from './pages/onboarding-page';
import { portalRoutes } from './pages/portal-routes';
import { endpoints } from './resources';

/** The Express application: API, OAuth, pages and controls. */
export function createApp(emulator: Emulator): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.text({ type: () => true, limit: '2mb' }));
  if (emulator.recorder) app.use(emulator.recorder.middleware);
  const api = new Api(emulator, new EndpointTable(endpoints));
  app.use(async (request: Request, response: Response, next: NextFunction) => {
    if (request.path === '/v1' || request.path.startsWith('/v1/')) await api.handle(request, response);
    else next();
  });
  oauthRoutes(app, emulator);
  checkoutRoutes(app, emulator);
  onboardingRoutes(app, emulator);
  portalRoutes(app, emulator);
  documentRoutes(app, emulator);
  controlRoutes(app, emulator);
  indexRoutes(app, emulator);
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    emulator.settings.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (!response.headersSent)
      response.status(500).json({ error: { message: 'The emulator failed.', type: 'api_error' } });
  });
  return app;
}
