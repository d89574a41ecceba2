import type { Database } from '../store/database';
import type { Delivery } from './delivery';

const TABLE = 'deliveries';
const KEPT = 20_000;

/** Keeps deliveries, and knows which of them are still to be made. */
export class DeliveryStore {
  /** Deliveries that are pending or held; the rest of the table is history. */
  private readonly open = new Set<string>();

  constructor(private readonly db: Database) {}

  find(id: string): Delivery | undefined {
    return this.db.get<Delivery>(TABLE, id);
  }

  put(delivery: Delivery): void {
    this.db.put(TABLE, delivery.id, delivery);
  }

  save(id: string, change: (delivery: Delivery) => Delivery): void {
    const delivery = this.find(id);
    if (delivery) this.put(change(delivery));
  }

  /** It is pending or held. */
  opened(id: string): void {
    this.open.add(id);
  }

  /** It was delivered, or given up. */
  closed(id: string): void {
    this.open.delete(id);
  }

  /** Those of this process that are pending or held. */
  openOnes(): Delivery[] {
    const table = this.db.table<Delivery>(TABLE);
    return [...this.open].flatMap((id) => table.get(id) ?? []);
  }

  /** All known deliveries, oldest first. */
  all(): Delivery[] {
    return [...this.db.table<Delivery>(TABLE).values()];
  }

  /** Forgets what is open (for a reset). */
  forget(): void {
    this.open.clear();
  }

  /** Lets go of the oldest half of the history once there is too much of it. */
  prune(): void {
    const table = this.db.table<Delivery>(TABLE);
    if (table.size <= KEPT) return;
    for (const delivery of table.values()) {
      if (table.size <= KEPT / 2) return;
      if (delivery.status !== 'pending' && delivery.status !== 'held') this.db.delete(TABLE, delivery.id);
    }
  }
}
