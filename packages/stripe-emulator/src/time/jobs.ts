/** What the emulator does by itself when an account's clock reaches a time. */
export type JobKind =
  | 'subscription.renew'
  | 'subscription.cancel'
  | 'subscription.trial_will_end'
  | 'subscription.expire_incomplete'
  | 'subscription.resume_collection'
  | 'invoice.upcoming'
  | 'invoice.finalize'
  | 'invoice.overdue'
  | 'invoice.retry'
  | 'schedule.start'
  | 'schedule.advance'
  | 'schedule.expiring'
  | 'charge.dispute'
  | 'dispute.answer'
  | 'dispute.due'
  | 'session.expire'
  | 'payment.settle';

/** A thing to do at `at` (Unix seconds of the account's clock). At most one per kind and object. */
export interface Job {
  id: string;
  kind: JobKind;
  object: string;
  at: number;
}

interface Entry {
  at: number;
  sequence: number;
  id: string;
}

/** A binary heap of jobs in order of time, then of scheduling. Entries that are no longer true are skipped on the way out. */
export class JobQueue {
  private readonly heap: Entry[] = [];
  private sequence = 0;

  constructor(private readonly lookup: (id: string) => Job | undefined) {}

  push(job: Job): void {
    this.heap.push({ at: job.at, sequence: this.sequence++, id: job.id });
    let index = this.heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.before(index, parent)) break;
      this.swap(index, parent);
      index = parent;
    }
  }

  /** The next job that is still scheduled for the time that the heap knows. */
  peek(): Job | undefined {
    for (let top = this.heap[0]; top; top = this.heap[0]) {
      const job = this.lookup(top.id);
      if (job && job.at === top.at) return job;
      this.removeTop();
    }
    return undefined;
  }

  removeTop(): void {
    const last = this.heap.pop();
    if (!last || this.heap.length === 0) return;
    this.heap[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let smallest = index;
      if (left < this.heap.length && this.before(left, smallest)) smallest = left;
      if (right < this.heap.length && this.before(right, smallest)) smallest = right;
      if (smallest === index) return;
      this.swap(index, smallest);
      index = smallest;
    }
  }

  private before(a: number, b: number): boolean {
    const x = this.heap[a]!;
    const y = this.heap[b]!;
    return x.at < y.at || (x.at === y.at && x.sequence < y.sequence);
  }

  private swap(a: number, b: number): void {
    const entry = this.heap[a]!;
    this.heap[a] = this.heap[b]!;
    this.heap[b] = entry;
  }
}
