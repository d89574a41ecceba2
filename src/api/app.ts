import type { RequestListener } from 'node:http';
import express from 'express';
import { ProblemError } from '../domain/problem';
import { accessRoutes } from './members/access';
import { accountRouter } from './account/account-page';
import { auditLogRoutes } from './audit/audit-log';
import { apiKeyRoutes } from './platform/api-keys';
import { buyPageRouter } from './buy/buy-page';
import { buyScriptRouter } from './buy/buy-script';
import { checkoutRoutes } from './checkout/checkouts';
import { coachRoutes } from './platform/coaches';
import { consoleLinkRoutes } from './console/links';
import { consoleRouter } from './console/router';
import { connectRouter } from './connection/callback';
import { connectionRoutes } from './connection/connection';
import type { ApiDeps } from './deps';
import { diagnosisRoutes } from './connection/diagnosis';
import { documentationRouter } from './platform/documentation';
import { erasureRoutes } from './members/erasure';
import { eventRoutes } from './events/events';
import { exportRoutes } from './members/export';
import { movementRoutes } from './figures/drill-down';
import { figureRoutes } from './figures/figures';
import { grantRoutes } from './members/grants';
import { healthRouter } from './platform/health';
import { createMetrics } from './http/metrics';
import { createIdentify } from './http/identify';
import { createLimiter } from './http/limits';
import { mountRoutes } from './http/mount';
import { problemHandler } from './http/problem';
import { createNoteEnd, noteRequests } from './http/request-log';
import { secureHeaders } from './http/secure-headers';
import { traceRequests } from './http/trace';
import { noticeUncountedProxy } from './http/uncounted-proxy';
import type { Route } from './http/route';
import { inboxRoutes } from './platform/inbox';
import { localRoutes } from './platform/local-clock';
import { mailRoutes } from './mails/mails';
import { mailSettingsRoutes } from './mails/settings';
import { unsubscribeRouter } from './mails/unsubscribe';
import { memberAddressRoutes } from './members/addresses';
import { manyGiftRoutes } from './members/many-gifts';
import { changeAddressRoutes } from './members/change-address';
import { mergeRoutes } from './members/merge';
import { memberNoteRoutes } from './members/notes';
import { memberViewRoutes } from './members/saved-views';
import { memberCsvRoutes } from './members/csv';
import { memberRoutes } from './members/members';
import { comparisonRoutes } from './memberships/comparison';
import { membershipRoutes } from './memberships/memberships';
import { metricsRouter } from './platform/metrics';
import { ownKeyRoutes } from './people/keys';
import { peopleRoutes } from './people/people';
import { overviewRoutes } from './overview/overview';
import { portalRoutes } from './members/portal';
import { liveCopyRoutes } from './live-copies/live-copies';
import { priceMoveRoutes } from './catalog/price-moves';
import { offerHeaders, offerRoutes } from './catalog/offer';
import { priceRoutes } from './catalog/prices';
import { couponRoutes } from './coupons/coupons';
import { promotionCodeRoutes } from './coupons/promotion-codes';
import { productRoutes } from './catalog/products';
import { returnPageRouter } from './checkout/return-page';
import { settingsRoutes } from './settings';
import { signingSecretRoutes } from './platform/signing-secrets';
import { webhookDeliveryRoutes } from './webhook-endpoints/deliveries';
import { webhookEndpointRoutes } from './webhook-endpoints/endpoints';
import { paymentCsvRoutes } from './payments/csv';
import { statementRoutes } from './payments/statement';
import { paymentRoutes } from './payments/payments';
import { refundRoutes } from './payments/refunds';
import { withdrawRouter } from './withdrawals/withdraw-page';
import { withdrawalRoutes } from './withdrawals/withdrawals';
import { answerDeliveries } from './webhooks/ahead';
import { createReceive } from './webhooks/receive';
import { webhookRouter } from './webhooks/webhooks';

/** Every route of the JSON API, in the order of the documentation. */
export function allRoutes(deps: ApiDeps): Route[] {
  return [
    ...connectionRoutes(deps),
    ...diagnosisRoutes(deps),
    ...productRoutes(deps),
    ...priceRoutes(deps),
    ...couponRoutes(deps),
    ...promotionCodeRoutes(deps),
    ...offerRoutes(deps),
    ...checkoutRoutes(deps),
    ...accessRoutes(deps),
    ...memberRoutes(deps),
    ...memberCsvRoutes(deps),
    ...memberAddressRoutes(deps),
    ...memberViewRoutes(deps),
    ...memberNoteRoutes(deps),
    ...changeAddressRoutes(deps),
    ...mergeRoutes(deps),
    ...manyGiftRoutes(deps),
    ...exportRoutes(deps),
    ...erasureRoutes(deps),
    ...portalRoutes(deps),
    ...membershipRoutes(deps),
    ...comparisonRoutes(deps),
    ...priceMoveRoutes(deps),
    ...liveCopyRoutes(deps),
    ...paymentCsvRoutes(deps),
    ...statementRoutes(deps),
    ...paymentRoutes(deps),
    ...refundRoutes(deps),
    ...withdrawalRoutes(deps),
    ...grantRoutes(deps),
    ...eventRoutes(deps),
    ...webhookEndpointRoutes(deps),
    ...webhookDeliveryRoutes(deps),
    ...mailRoutes(deps),
    ...mailSettingsRoutes(deps),
    ...settingsRoutes(deps),
    ...signingSecretRoutes(deps),
    ...peopleRoutes(deps),
    ...ownKeyRoutes(deps),
    ...auditLogRoutes(deps),
    ...overviewRoutes(deps),
    ...figureRoutes(deps),
    ...movementRoutes(deps),
    ...coachRoutes(deps),
    ...apiKeyRoutes(deps),
    ...consoleLinkRoutes(deps),
    ...inboxRoutes(deps),
    ...localRoutes(deps),
  ];
}

/** What anybody may ask for: counted by address. Where a key or a signature is sent, that is what is counted. */
const PUBLIC = [
  '/readyz',
  '/connect',
  '/openapi.json',
  '/docs',
  '/problems',
  '/buy',
  '/buy.js',
  '/thanks',
  '/account',
  '/withdraw',
  '/checkouts',
  '/console',
  '/mails',
];

/** The whole HTTP surface, ready to listen. */
export function createApp(deps: ApiDeps): RequestListener {
  const app = express();
  const metrics = deps.metrics ?? createMetrics();
  const limiter = createLimiter(deps.config.api.limits);
  const identify = createIdentify(deps, limiter);
  const routes = allRoutes(deps);
  const noteEnd = createNoteEnd(deps.log, metrics);
  const secure = secureHeaders();
  const receive = createReceive(deps, metrics);
  app.disable('x-powered-by');
  app.set('trust proxy', deps.config.api.trustedProxies);
  app.set('etag', false);
  app.use(noteRequests(noteEnd));
  if (deps.config.tracing) app.use(traceRequests());
  app.use(noticeUncountedProxy(metrics.forwarded, deps.log));
  app.use((_req, res, next) => {
    res.setHeaders(secure);
    next();
  });
  app.use(webhookRouter(receive, limiter));
  app.use(PUBLIC, limiter.byAddress('public'));
  app.use('/connect', limiter.byAddress('connect'));
  // Before the pages: what is asked most passes by the fewest.
  app.use(offerHeaders());
  mountRoutes(app, routes, deps, identify);
  app.use(connectRouter(deps));
  app.use(healthRouter(deps));
  app.use(metricsRouter(identify, metrics));
  app.use(documentationRouter(deps, routes));
  app.use(buyScriptRouter());
  app.use(buyPageRouter(deps, limiter));
  app.use(returnPageRouter(deps));
  app.use(accountRouter(deps, limiter));
  app.use(withdrawRouter(deps, limiter));
  app.use(unsubscribeRouter(deps));
  app.use(consoleRouter(deps, routes, limiter));
  app.use(limiter.byAddress('public'));
  app.use((_req, _res, next) => {
    next(new ProblemError('route_not_found', 'There is nothing at this address.'));
  });
  app.use(problemHandler(deps.log));
  // A request that is traced goes all of its way through Express, as its spans do.
  return deps.config.tracing ? app : answerDeliveries(app, receive, noteEnd, secure);
}
