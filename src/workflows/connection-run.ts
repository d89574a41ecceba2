import { ApplicationFailure, condition, setHandler, Trigger } from '@temporalio/workflow';
import type { ConnectionState } from '../store/connection-state';
import {
  clockMoved,
  confirmConnection,
  type ConnectionRequest,
  type ConnectionView,
  describe,
  disconnect,
  prepareConnection,
  PREVIOUS_CONNECTION,
  rowChanged,
  stripeEventReceived,
} from '../messages/messages';
import { createVisibility } from './visibility';
import { noteUnknownSignals } from './unknown-signals';

/** A request that the run works on; everybody who asks the same meanwhile gets the same answer. */
type Request = 'prepare' | 'confirm' | 'disconnect';

/** What a connection's run was told and asked, and what others see of it. The work is in connection.ts. */
export class ConnectionRun {
  private readonly show = createVisibility();
  private readonly requests = new Map<Request, Trigger<ConnectionView>>();
  private state: ConnectionState | undefined;
  private woken = false;

  /** Registers every handler, so it comes before the first `await`. Handlers only note what was said. */
  constructor(connectionId: string) {
    const wake = () => {
      this.woken = true;
    };
    const validator = ({ connectionId: asked }: ConnectionRequest) => {
      if (asked !== connectionId)
        throw ApplicationFailure.nonRetryable('The previous connection is just ending.', PREVIOUS_CONNECTION);
    };
    setHandler(rowChanged, wake);
    setHandler(clockMoved, wake);
    setHandler(stripeEventReceived, ({ accountId }) => {
      if (accountId === this.state?.accountId) wake();
    });
    setHandler(prepareConnection, () => this.whileAttempt('prepare'), { validator });
    setHandler(confirmConnection, () => this.whileAttempt('confirm'), { validator });
    setHandler(disconnect, () => this.disconnect(), { validator });
    setHandler(describe, () => ({
      status: this.state?.status ?? 'starting',
      waitsFor: this.state?.waitsFor ?? 'Loads its row.',
      deadline: this.state?.deadline ?? null,
    }));
    noteUnknownSignals();
  }

  get present(): ConnectionState | undefined {
    return this.state;
  }

  isAsked(request: Request): boolean {
    return this.requests.has(request);
  }

  /** Every change of the state: operators see it, and whoever asked for it is answered. */
  become(state: ConnectionState): ConnectionState {
    this.state = state;
    this.show({ ...state, status: state.businessStatus });
    if (!isAttempt(state)) {
      this.answer('prepare', state);
      this.answer('confirm', state);
    }
    if (state.ended) this.answer('disconnect', state);
    return state;
  }

  answer(request: Request, state: ConnectionState): void {
    this.take(request)?.resolve(viewOf(state));
  }

  refuse(request: Request, failure: ApplicationFailure): void {
    this.take(request)?.reject(failure);
  }

  /** Until something is said or asked, or the deadline. False: the deadline came. */
  async untilWokenOr(state: ConnectionState): Promise<boolean> {
    const seconds = Math.max(1, (state.deadline ?? state.now) - state.now);
    const woken = await condition(() => this.woken || this.requests.size > 0, seconds * 1000);
    this.woken = false;
    return woken;
  }

  /** True once for anything said since the last time. */
  takeWoken(): boolean {
    const woken = this.woken;
    this.woken = false;
    return woken;
  }

  private take(request: Request): Trigger<ConnectionView> | undefined {
    const taken = this.requests.get(request);
    this.requests.delete(request);
    return taken;
  }

  private async ask(request: Request): Promise<ConnectionView> {
    const asked = this.requests.get(request) ?? new Trigger<ConnectionView>();
    this.requests.set(request, asked);
    return await asked;
  }

  /** What only an attempt can be asked; one that is over answers what became of it. */
  private async whileAttempt(request: 'prepare' | 'confirm'): Promise<ConnectionView> {
    const state = await this.loaded();
    return isAttempt(state) ? this.ask(request) : viewOf(state);
  }

  private async disconnect(): Promise<ConnectionView> {
    const state = await this.loaded();
    if (isAttempt(state)) throw refusal('not_connected', 'No Stripe account is connected.');
    return state.ended ? viewOf(state) : this.ask('disconnect');
  }

  private async loaded(): Promise<ConnectionState> {
    await condition(() => this.state !== undefined);
    if (this.state === undefined) throw refusal('temporarily_unavailable', 'The run has not loaded its row.');
    return this.state;
  }
}

/** The coach has not come back from Stripe, or has not confirmed. */
export function isAttempt(state: ConnectionState): boolean {
  return state.status === 'authorizing' || state.status === 'returned';
}

function viewOf({ connectionId, status, accountId, chargesEnabled }: ConnectionState): ConnectionView {
  return { connectionId, status, accountId, chargesEnabled };
}

function refusal(code: 'temporarily_unavailable' | 'not_connected', message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, code);
}
