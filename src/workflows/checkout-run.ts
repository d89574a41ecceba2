import {
  type ApplicationFailure,
  CancellationScope,
  condition,
  patched,
  setHandler,
} from '@temporalio/workflow';
import type { CheckoutState } from '../activities/checkout-state';
import {
  cancelCheckout,
  type Cause,
  type CheckoutView,
  clockMoved,
  memberReturned,
  openCheckout,
  rowChanged,
  stripeEventReceived,
} from '../messages/messages';
import { failureOf } from './failures';
import { createVisibility } from './visibility';
import { noteUnknownSignals } from './unknown-signals';

/** What a checkout's run was told and asked, and what others see of it. The work is in checkout.ts. */
export class CheckoutRun {
  private readonly show = createVisibility();
  private wokenBy: Cause | null = 'system';
  /** Somebody has said something; otherwise the run has woken itself, to begin. */
  private isTold = false;
  private begun = 0;
  private finished = 0;
  private failure: ApplicationFailure | undefined;
  /** As the last look or step found it; operators see it with `become`. */
  state: CheckoutState | undefined;

  /**
   * Registers every handler, so it comes before the first `await`.
   * @param closeSession closes the session at Stripe, for whoever asks for that
   */
  constructor(
    private readonly checkoutId: string,
    private readonly closeSession: () => Promise<void>,
  ) {
    // An operator who cancels the run asks for the session to be closed; whoever asks the run meanwhile is answered, too.
    const outlivesCancel = patched('answers-while-cancelled');
    const answering = (answer: () => Promise<CheckoutView>) => () =>
      outlivesCancel ? CancellationScope.nonCancellable(answer) : answer();

    setHandler(stripeEventReceived, () => this.wake('stripe_event'));
    setHandler(clockMoved, () => this.wake('timer'));
    setHandler(rowChanged, () => this.wake('system'));
    setHandler(
      openCheckout,
      answering(() => this.opened()),
    );
    setHandler(
      memberReturned,
      answering(() => this.freshLook('member_returned')),
    );
    setHandler(
      cancelCheckout,
      answering(() => this.cancelled()),
    );
    noteUnknownSignals();
  }

  get isWoken(): boolean {
    return this.wokenBy !== null;
  }

  /** A look is due. */
  wake(cause: Cause): void {
    this.wokenBy = cause;
    this.isTold = true;
  }

  /** The session was opened just now: a look is due only where somebody has asked for one meanwhile. */
  hasNothingToLookAt(): void {
    if (!this.isTold) this.wokenBy = null;
  }

  become(state: CheckoutState): void {
    this.state = state;
    this.show(state);
  }

  /** The session could not be opened: whoever asks is told why. */
  fail(failure: ApplicationFailure): void {
    this.failure = failure;
  }

  /** Does a look, for whatever has woken the run; whoever waits for one that began after their call is answered. */
  async look(work: (cause: Cause) => Promise<CheckoutState>): Promise<CheckoutState> {
    const cause = this.wokenBy ?? 'timer';
    this.wokenBy = null;
    const number = ++this.begun;
    const state = await work(cause);
    this.finished = number;
    this.become(state);
    return state;
  }

  private view(): CheckoutView {
    if (this.failure !== undefined) throw this.failure;
    const { checkoutId, state } = this;
    return { checkoutId, status: state?.status ?? 'opening', url: state?.url ?? null };
  }

  private get isOpened(): boolean {
    return this.state !== undefined && this.state.status !== 'opening';
  }

  private async opened(): Promise<CheckoutView> {
    await condition(() => this.failure !== undefined || this.isOpened);
    return this.view();
  }

  /** Waits for a look at Stripe that began after this call. */
  private async freshLook(cause: Cause): Promise<CheckoutView> {
    const wanted = this.begun + 1;
    this.wake(cause);
    await condition(() => this.finished >= wanted || this.state?.terminal === true);
    return this.view();
  }

  private async cancelled(): Promise<CheckoutView> {
    await condition(() => this.isOpened);
    try {
      if (this.state?.terminal !== true) await this.closeSession();
    } catch (error) {
      throw failureOf(error);
    }
    return this.freshLook('person');
  }
}
