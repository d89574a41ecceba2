import type { ErrorRequestHandler, Response } from 'express';
import { isDatabaseUnavailable } from '../../db/errors';
import { PROBLEMS, type ProblemCode, ProblemError } from '../../domain/problem';
import type { Log } from '../../log';
import { problemOfRun } from './run-errors';
import { isForPerson, sendTooOftenPage, sendUnavailablePage } from './unavailable-page';

/** The body of every error: RFC 9457, with a stable code, the field and what to do. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  /** The field of the request that is wrong, as a path: `recurring.interval`. */
  field?: string;
  todo: string;
  /** What a program needs besides: ids, what is due at Stripe. */
  details?: Record<string, unknown>;
}

/** `charges_not_enabled` → `Charges not enabled`. */
function titleOf(code: ProblemCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The problem+json body of a problem. `details.field` becomes the field. */
export function problemBody(problem: ProblemError): ProblemBody {
  const { status, todo } = PROBLEMS[problem.code];
  const { field, ...details } = problem.details;
  return {
    type: `/problems#${problem.code}`,
    title: titleOf(problem.code),
    status,
    code: problem.code,
    detail: problem.message,
    ...(typeof field === 'string' && field !== '' ? { field } : {}),
    todo,
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
}

/** Seconds after which what cannot be done now is worth another try, for every 503. */
export const RETRY_AFTER = '2';

/** Sends a refusal as problem+json, which nobody keeps: what is refused now may be possible in a moment. */
export function sendProblem(res: Response, problem: ProblemError): void {
  const body = problemBody(problem);
  // What was meant to be sent had headers of its own.
  res.removeHeader('Content-Encoding');
  res.setHeader('Cache-Control', 'no-store');
  if (body.status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  if (body.status === 503) res.setHeader('Retry-After', RETRY_AFTER);
  res.status(body.status).type('application/problem+json').send(JSON.stringify(body));
}

/** What body parsing knows of what it refuses; which of these there is depends on the `type`. */
interface ParsingError {
  message?: unknown;
  body?: unknown;
  length?: unknown;
  limit?: unknown;
  charset?: unknown;
  encoding?: unknown;
}

/** What body parsing throws, by its `type`: https://github.com/expressjs/body-parser#errors */
const PARSING: Record<string, (error: ParsingError) => ProblemError> = {
  'entity.parse.failed': (error) => new ProblemError('malformed_json', whereJsonEnds(error)),
  'entity.too.large': ({ length, limit }) =>
    new ProblemError(
      'payload_too_large',
      typeof length === 'number'
        ? `The body has ${length} bytes, and ${String(limit)} are taken.`
        : 'The body is too large.',
    ),
  'charset.unsupported': ({ charset }) => unsupported('Content-Type', 'character set', charset, 'utf-8'),
  'encoding.unsupported': ({ encoding }) =>
    unsupported('Content-Encoding', 'encoding', encoding, 'gzip, deflate or br'),
  'request.size.invalid': () =>
    new ProblemError('malformed_json', 'The body is not as long as Content-Length says.'),
  'request.aborted': () => new ProblemError('malformed_json', 'The body ended early.'),
};

const unsupported = (field: string, what: string, given: unknown, taken: string) =>
  new ProblemError(
    'unsupported_media_type',
    `The ${what} of the body is "${String(given).slice(0, 40)}"; it has to be ${taken}.`,
    { field },
  );

/** Where JSON stops being JSON: the engine says the place, and quotes of the body what belongs into no answer. */
function whereJsonEnds({ message, body }: ParsingError): string {
  const text = typeof body === 'string' ? body : '';
  if (text !== '' && !/^\s*[[{]/.test(text)) return 'The body is no JSON object: it has to begin with {.';
  const found = /at position (\d+)/.exec(String(message))?.[1];
  if (found !== undefined)
    return `The body is not valid JSON: it breaks off at character ${Number(found) + 1}.`;
  return /end of JSON/.test(String(message))
    ? 'The body is not valid JSON: it ends too early.'
    : 'The body is not valid JSON.';
}

/** The refusal that an error stands for; null for a mistake of ours. */
export function toProblemError(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error;
  const fromRun = problemOfRun(error);
  if (fromRun !== null) return fromRun;
  if (isDatabaseUnavailable(error))
    return new ProblemError('temporarily_unavailable', 'The database cannot be reached.');
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown };
  const parsing = typeof type === 'string' ? PARSING[type] : undefined;
  if (parsing !== undefined) return parsing(error as ParsingError);
  if (status === 400)
    return new ProblemError('invalid_request', 'The address of the request cannot be decoded.');
  return null;
}

/** The last handler: every error becomes problem+json; ours are logged with the request id, without their data. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const problem = toProblemError(error);
    if (problem === null || PROBLEMS[problem.code].status >= 500)
      log.error(
        { requestId: res.locals.requestId as string, path: req.route?.path as unknown, err: error },
        'request failed',
      );
    if (problem?.code === 'temporarily_unavailable' && isForPerson(req))
      return sendUnavailablePage(req, res, RETRY_AFTER);
    if (problem?.code === 'rate_limited' && isForPerson(req)) return sendTooOftenPage(req, res);
    sendProblem(res, problem ?? new ProblemError('internal', 'Something went wrong here.'));
  };
}
