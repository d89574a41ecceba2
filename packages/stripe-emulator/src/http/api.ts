import type { Request, Response } from 'express';
import type { Emulator } from '../emulator';
import { randomToken } from '../ids';
import { publicForm, type JsonObject } from '../json';
import { respond, type Answer } from './answer';
import { authenticate, spaceOf, type Caller } from './auth';
import type { EndpointTable } from './endpoint';
import { ResourceMissing, StripeError, invalidRequest } from './errors';
import { expand } from './expand';
import type { Fault } from './faults';
import { decodeForm } from './form';
import { fingerprintOf, IdempotencyStore } from './idempotency';
import { faultStatus, isStored, misbehave, faultAnswer } from './misbehave';
import { checkParams } from './params';

/** Answers everything under /v1: authentication, idempotency, parameters, faults, expansion, errors. */
export class Api {
  private readonly idempotency: IdempotencyStore;

  constructor(
    private readonly emulator: Emulator,
    private readonly endpoints: EndpointTable,
  ) {
    this.idempotency = new IdempotencyStore(emulator.db);
  }

  async handle(request: Request, response: Response): Promise<void> {
    const requestId = `req_${randomToken(14)}`;
    const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
    const headers = request.headers;
    const idempotencyKey = request.method === 'POST' ? (request.get('Idempotency-Key') ?? null) : null;
    let raw: JsonObject = {};
    let caller: Caller | undefined;
    let answer: Answer;
    let fault: Fault | undefined;
    let held: string | undefined;
    try {
      raw = rawParams(request);
      caller = authenticate(this.emulator, headers);
      fault = this.emulator.faults.next({
        method: request.method,
        path,
        account: caller.accountId,
        livemode: caller.livemode,
      });
      if (fault?.when === 'before' && !isStored(fault)) {
        this.log(request, path, caller, raw, idempotencyKey, faultStatus(fault), requestId, false);
        return await misbehave(response, fault, requestId, undefined);
      }
      const space = spaceOf(this.emulator, caller);
      space.runDue();
      const fingerprint = fingerprintOf(request.method, path, raw);
      const known =
        idempotencyKey === null ? undefined : this.idempotency.recall(space.key, idempotencyKey, fingerprint);
      if (known) {
        answer = {
          status: known.status,
          body: known.body,
          headers: { 'Idempotent-Replayed': 'true', 'Original-Request': known.requestId },
        };
      } else {
        if (fault && idempotencyKey !== null && fault.kind === 'hang') {
          held = space.key;
          this.idempotency.begin(space.key, idempotencyKey);
        }
        answer = this.execute(request.method, path, raw, caller, {
          requestId,
          idempotencyKey,
          fingerprint,
          fault,
        });
      }
    } catch (error) {
      answer = answerOf(error, this.emulator.settings.log);
    }
    const replayed = answer.headers?.['Idempotent-Replayed'] === 'true';
    this.log(request, path, caller, raw, idempotencyKey, answer.status, requestId, replayed);
    if (idempotencyKey !== null) response.setHeader('Idempotency-Key', idempotencyKey);
    if (fault?.when === 'after' && !isStored(fault)) {
      await misbehave(response, fault, requestId, answer);
      if (held !== undefined && idempotencyKey !== null) this.idempotency.end(held, idempotencyKey);
      return;
    }
    if (fault?.shouldRetry !== undefined && isStored(fault)) {
      response.setHeader('Stripe-Should-Retry', String(fault.shouldRetry));
    }
    respond(response, answer, requestId);
  }

  /** Runs the endpoint in one transaction that also remembers the answer for the idempotency key. */
  private execute(
    method: string,
    path: string,
    raw: JsonObject,
    caller: Caller,
    meta: { requestId: string; idempotencyKey: string | null; fingerprint: string; fault: Fault | undefined },
  ): Answer {
    const { emulator } = this;
    const found = this.endpoints.find(method, path);
    if (!found) {
      const message = `Unrecognized request URL (${method}: ${path}). Please see https://docs.stripe.com or we can help at https://support.stripe.com/.`;
      throw new StripeError(404, 'invalid_request_error', message, {}, false, true);
    }
    const params = checkParams(found.endpoint.shape, raw);
    const space = spaceOf(emulator, caller);
    emulator.currentRequest = { id: meta.requestId, idempotency_key: meta.idempotencyKey };
    try {
      return emulator.db.transaction(() => {
        const answer = this.attempt(found.values, () => {
          if (meta.fault?.when === 'before') return faultAnswer(meta.fault);
          const result = emulator.db.attempt(() => {
            const object = found.endpoint.run({
              emulator,
              space,
              params: params as never,
              path: found.values,
              url: path,
            });
            const body = publicForm(object) as JsonObject;
            if (Array.isArray(params.expand)) expand(space, body, params.expand as string[]);
            return body;
          }, keepsEffects);
          return meta.fault && isStored(meta.fault) ? faultAnswer(meta.fault) : { status: 200, body: result };
        });
        if (meta.idempotencyKey !== null) {
          this.idempotency.remember(space.key, meta.idempotencyKey, {
            fingerprint: meta.fingerprint,
            status: answer.status,
            body: answer.body,
            requestId: meta.requestId,
            at: Date.now(),
          });
        }
        return answer;
      });
    } finally {
      emulator.currentRequest = null;
    }
  }

  /** Errors of the endpoint become answers, so that the idempotency key remembers them. */
  private attempt(path: Record<string, string>, work: () => Answer): Answer {
    try {
      return work();
    } catch (error) {
      if (error instanceof StripeError && error.beforeExecution) throw error;
      if (error instanceof ResourceMissing)
        return answerOf(error.atPath(Object.values(path)), this.emulator.settings.log);
      return answerOf(error, this.emulator.settings.log);
    }
  }

  private log(
    request: Request,
    path: string,
    caller: Caller | undefined,
    params: JsonObject,
    idempotencyKey: string | null,
    status: number,
    requestId: string,
    replayed: boolean,
  ): void {
    this.emulator.requests.add({
      at: new Date().toISOString(),
      method: request.method,
      path,
      account: caller?.accountId ?? request.get('Stripe-Account') ?? null,
      livemode: caller?.livemode ?? null,
      params,
      idempotencyKey,
      replayed,
      status,
      requestId,
    });
  }
}

function rawParams(request: Request): JsonObject {
  const query = request.url.indexOf('?');
  const fromQuery = query < 0 ? {} : decodeForm(request.url.slice(query + 1));
  const body: unknown = request.body;
  if (typeof body !== 'string' || body === '') return fromQuery;
  const type = request.get('Content-Type') ?? '';
  if (type.includes('json')) {
    throw invalidRequest(
      'Invalid request: the request body has the content type application/json; API v1 takes application/x-www-form-urlencoded.',
    );
  }
  return { ...fromQuery, ...decodeForm(body) };
}

function keepsEffects(error: unknown): boolean {
  return error instanceof StripeError && error.keepEffects;
}

function answerOf(error: unknown, log: (line: string) => void): Answer {
  if (error instanceof StripeError) return { status: error.status, body: error.body() };
  log(`unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const message = `The emulator failed: ${error instanceof Error ? error.message : String(error)}`;
  return { status: 500, body: { error: { message, type: 'api_error' } } };
}
