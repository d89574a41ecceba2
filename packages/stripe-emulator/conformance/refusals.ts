import type { JsonObject } from '../src/json';
import { badRequests, type BadRequest } from './bad-requests';
import type { Specification } from './specification';
import { inParallel, type Target } from './stripe-mock';
import { Violations } from './violations';

/** A request to an operation that was accepted. */
export interface GoodRequest {
  path: string;
  params: JsonObject;
}

/** Sends bad requests to both, and wants those that stripe-mock refuses to be refused by the emulator for the same reason. */
export class RefusalCheck {
  readonly violations = new Violations();
  readonly operations = new Set<string>();
  checked = 0;
  accepted = 0;

  constructor(private readonly specification: Specification) {}

  /** @param good by the operation's name */
  async run(
    operations: string[],
    good: Map<string, GoodRequest>,
    stripeMock: Target,
    emulator: Target,
  ): Promise<void> {
    const requests = operations.flatMap((name) => {
      const operation = this.specification.operations.get(name);
      if (!operation) throw new Error(`the specification has no operation ${name}`);
      return badRequests(operation, good.get(name));
    });
    await inParallel(requests, (request) => this.compare(request, stripeMock, emulator));
  }

  private async compare(request: BadRequest, stripeMock: Target, emulator: Target): Promise<void> {
    const theirs = await stripeMock(request);
    if (theirs.status !== 400) return;
    const ours = await emulator(request);
    this.checked += 1;
    this.operations.add(request.operation);
    const problem = whyNotRefused(request, ours);
    if (problem === undefined) return;
    this.accepted += 1;
    this.violations.add(request.operation, [{ at: ` ${request.param}: ${request.what}`, message: problem }]);
  }
}

/** A refusal is a 400 that names the spoiled parameter: one for any other reason would prove nothing. */
function whyNotRefused(
  { param, what, choice }: BadRequest,
  { status, body }: { status: number; body: string },
): string | undefined {
  if (status < 400) return `was accepted with ${status}`;
  let error: { type?: string; param?: string; message?: string } | undefined;
  try {
    error = (JSON.parse(body) as { error?: typeof error }).error;
  } catch {
    return `was answered with ${status} and no JSON`;
  }
  if (status !== 400 || error?.type !== 'invalid_request_error')
    return `was answered with ${status} ${error?.type}: ${error?.message}`;
  const named = error.param ?? '';
  if (choice !== undefined && (named === choice || named.startsWith(`${choice}[`))) return undefined;
  if (named === param || named.startsWith(`${param}[`)) return undefined;
  // Without its only field, the whole object around it is missing.
  if (what === 'missing' && error.message?.startsWith('Missing') && param.startsWith(`${named}[`))
    return undefined;
  return `was refused because of ${named || 'something else'}: ${error.message}`;
}
