import express, { type Express, type Request, type Response } from 'express';
import type { Emulator } from '../emulator';
import type { FaultRule } from '../http/faults';
import { isObject, publicForm } from '../json';
import { isObjectName, objectNames } from '../objects/names';
import { publicEvent, type StoredEvent } from '../objects/event';
import type { SeedAccount, RetryPolicy } from '../options';
import { wantedEvents } from '../resources/events';
import type { Space } from '../space';
import type { DeliveryRule } from '../webhooks/rules';
import { ControlError, findEvent, spaceFrom } from './lookup';
import { runTrigger, triggerNames } from './triggers';

/** The control API under /_emulator: JSON in, JSON out, no authentication. */
export function controlRoutes(app: Express, emulator: Emulator): void {
  const router = express.Router();
  router.use(parseJson);

  router.get('/health', (_request, response) => {
    response.json({ ok: true });
  });
  router.post('/reset', (_request, response) => {
    emulator.reset();
    response.json({ ok: true });
  });

  router.get('/clock', (request, response) => {
    response.json(clockOf(spaceFrom(emulator, request.query)));
  });
  router.post('/clock', async (request, response) => {
    const space = spaceFrom(emulator, bodyOf(request));
    const target = targetOf(space, bodyOf(request));
    await space.advanceTo(target);
    response.json(clockOf(space));
  });

  router.get('/deliveries', (request, response) => {
    const { event, account, livemode } = request.query;
    const deliveries = emulator.deliveries
      .all()
      .filter(
        (delivery) =>
          (event === undefined || delivery.event === event) &&
          (account === undefined || delivery.account === account) &&
          (livemode === undefined || delivery.livemode === (livemode === 'true')),
      );
    response.json({ deliveries });
  });
  router.post('/deliveries/drain', async (request, response) => {
    const body = bodyOf(request);
    const timeoutMs = typeof body.timeoutMs === 'number' ? body.timeoutMs : 10_000;
    response.json(await emulator.deliveries.drain(scopeOf(body), timeoutMs, body.retryNow === true));
  });
  router.post('/deliveries/release', (request, response) => {
    const { order, seed } = bodyOf(request);
    const known = order === 'reverse' || order === 'shuffle' ? order : 'fifo';
    response.json({ released: emulator.deliveries.release(known, typeof seed === 'number' ? seed : 1) });
  });

  const { rules } = emulator.deliveries;
  router.get('/delivery-rules', (_request, response) => {
    response.json({ rules: rules.get() });
  });
  router.put('/delivery-rules', (request, response) => {
    rules.set(rulesOf<DeliveryRule>(request, 'action'));
    response.json({ rules: rules.get() });
  });
  router.post('/delivery-rules', (request, response) => {
    rules.add(ruleOf<DeliveryRule>(request, 'action'));
    response.json({ rules: rules.get() });
  });
  router.delete('/delivery-rules', (_request, response) => {
    rules.set([]);
    response.json({ rules: [] });
  });

  router.get('/faults', (_request, response) => {
    response.json({ rules: emulator.faults.get() });
  });
  router.put('/faults', (request, response) => {
    emulator.faults.set(rulesOf<FaultRule>(request, 'fault'));
    response.json({ rules: emulator.faults.get() });
  });
  router.post('/faults', (request, response) => {
    emulator.faults.add(ruleOf<FaultRule>(request, 'fault'));
    response.json({ rules: emulator.faults.get() });
  });
  router.delete('/faults', (_request, response) => {
    emulator.faults.set([]);
    response.json({ rules: [] });
  });

  router.post('/webhooks', (request, response) => {
    const body = bodyOf(request);
    if (typeof body.enabled !== 'boolean') throw new ControlError('`enabled` has to be true or false');
    emulator.deliveries.switches.set(body.enabled, scopeOf(body));
    response.json({ enabled: body.enabled });
  });
  router.get('/events', (request, response) => {
    const { account, livemode, type = '*', limit = '20' } = request.query;
    const count = Number(limit);
    if (!Number.isInteger(count) || count < 1) throw new ControlError('`limit` has to be a positive number');
    const found = spacesOf(emulator, account, livemode).flatMap((space) =>
      wantedEvents(space, [String(type)])
        .first(count)
        .map((event) => shownEvent(space, event)),
    );
    found.sort((a, b) => b.event.created - a.event.created);
    response.json({ events: found.slice(0, count) });
  });
  router.get('/events/:id', (request, response) => {
    const { space, event } = findEvent(emulator, request.params.id);
    const deliveries = emulator.deliveries.all().filter((delivery) => delivery.event === event.id);
    response.json({ ...shownEvent(space, event), deliveries });
  });
  router.post('/events/:id/redeliver', (request, response) => {
    const found = findEvent(emulator, request.params.id);
    const { times } = bodyOf(request);
    const ids = emulator.db.transaction(() =>
      emulator.deliveries.redeliver(found.space, found.event, typeof times === 'number' ? times : 1),
    );
    response.json({ deliveries: ids });
  });

  router.get('/accounts', (_request, response) => {
    response.json({ accounts: emulator.accounts().map((account) => describe(emulator, account.id)) });
  });
  router.post('/accounts', (request, response) => {
    const input = bodyOf(request) as SeedAccount;
    if (input.id !== undefined && emulator.account(input.id))
      throw new ControlError(`account ${input.id} exists already`, 409);
    const account = emulator.createAccount(input);
    response.status(201).json(describe(emulator, account.id));
  });
  router.put('/accounts/:id/retry-policy', (request, response) => {
    const { days, finalAction } = bodyOf(request) as Partial<RetryPolicy>;
    if (!Array.isArray(days) || !days.every((day) => typeof day === 'number' && day > 0)) {
      throw new ControlError('`days` has to be a list of positive numbers');
    }
    if (finalAction !== 'cancel' && finalAction !== 'unpaid' && finalAction !== 'past_due') {
      throw new ControlError('`finalAction` has to be cancel, unpaid or past_due');
    }
    emulator.setRetryPolicy(request.params.id, { days, finalAction });
    response.json({ days, finalAction });
  });

  router.put('/accounts/:id/api-version', (request, response) => {
    const { apiVersion } = bodyOf(request);
    if (typeof apiVersion !== 'string' || !/^\d{4}-\d{2}-\d{2}(\.\w+)?$/.test(apiVersion)) {
      throw new ControlError('`apiVersion` has to be a version such as 2025-02-24.acacia');
    }
    if (!emulator.account(request.params.id)) {
      throw new ControlError(`there is no account ${request.params.id}`, 404);
    }
    emulator.setApiVersion(request.params.id, apiVersion);
    response.json({ apiVersion });
  });

  router.get('/triggers', (_request, response) => {
    response.json({ triggers: triggerNames });
  });
  router.post('/triggers/:name', (request, response) => {
    response.json(runTrigger(emulator, request.params.name, bodyOf(request)));
  });
  router.get('/objects', (request, response) => {
    const { type, account, livemode } = request.query;
    if (type === undefined) {
      response.json({ types: objectNames });
      return;
    }
    if (typeof type !== 'string' || !isObjectName(type))
      throw new ControlError('`type` has to name a type of object');
    const objects = spacesOf(emulator, account, livemode).flatMap((space) =>
      [...space.list(type)].map((object) => ({
        account: space.accountId,
        livemode: space.livemode,
        object: publicForm(object.object === 'event' ? publicEvent(object) : object),
      })),
    );
    response.json({ objects });
  });
  router.get('/requests', (request, response) => {
    response.json({ requests: emulator.requests.last(Number(request.query.limit ?? 100)) });
  });

  router.use((error: unknown, _request: Request, response: Response, next: (error: unknown) => void) => {
    if (error instanceof ControlError) response.status(error.status).json({ error: error.message });
    else next(error);
  });
  app.use('/_emulator', router);
}

/** The accounts and modes that a query names; all of them where it names none. */
function spacesOf(emulator: Emulator, account: unknown, livemode: unknown): Space[] {
  return emulator
    .allSpaces()
    .filter(
      (space) =>
        (account === undefined || space.accountId === account) &&
        (livemode === undefined || space.livemode === (livemode === 'true')),
    );
}

function shownEvent(space: Space, event: StoredEvent) {
  return { account: space.accountId, livemode: space.livemode, event: publicEvent(event) };
}

function parseJson(request: Request, _response: Response, next: (error?: unknown) => void): void {
  const text: unknown = request.body;
  if (typeof text !== 'string' || text === '') {
    request.body = {};
    return next();
  }
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) throw new ControlError('the body has to be a JSON object');
    request.body = value;
    next();
  } catch (error) {
    next(error instanceof ControlError ? error : new ControlError('the body is not JSON'));
  }
}

function bodyOf(request: Request): Record<string, unknown> {
  return request.body as Record<string, unknown>;
}

function scopeOf(body: Record<string, unknown>): { account?: string; livemode?: boolean } {
  return {
    ...(typeof body.account === 'string' ? { account: body.account } : {}),
    ...(typeof body.livemode === 'boolean' ? { livemode: body.livemode } : {}),
  };
}

function clockOf(space: Space) {
  return { now: space.now(), offsetSeconds: space.offsetSeconds, nextBoundary: space.nextBoundary() };
}

function targetOf(space: Space, body: Record<string, unknown>): number {
  if (typeof body.advanceTo === 'number') return Math.floor(body.advanceTo);
  if (typeof body.advanceSeconds === 'number' && body.advanceSeconds >= 0) {
    return space.now() + Math.floor(body.advanceSeconds);
  }
  throw new ControlError('give `advanceTo` (Unix seconds) or `advanceSeconds`; clocks only go forward');
}

function ruleOf<T>(request: Request, required: string): T {
  const rule = bodyOf(request);
  if (!(required in rule)) throw new ControlError(`a rule has the form { match, ${required} }`);
  return { match: {}, ...rule } as T;
}

function rulesOf<T>(request: Request, required: string): T[] {
  const { rules } = bodyOf(request);
  if (!Array.isArray(rules) || !rules.every((rule) => isObject(rule) && required in rule)) {
    throw new ControlError(`\`rules\` has to be a list of { match, ${required} }`);
  }
  return rules as T[];
}

function describe(emulator: Emulator, id: string) {
  const account = emulator.account(id);
  return {
    id,
    platform: id === emulator.platformId,
    connected: {
      test: emulator.connection(id, false) !== undefined,
      live: emulator.connection(id, true) !== undefined,
    },
    account: publicForm(account),
  };
}
