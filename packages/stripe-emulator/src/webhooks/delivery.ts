export type DeliveryStatus = 'pending' | 'held' | 'delivered' | 'failed' | 'dropped';

export interface DeliveryAttempt {
  /** System time, ISO 8601. */
  at: string;
  status: number | null;
  error: string | null;
  durationMs: number;
}

/** One event on its way to one endpoint. */
export interface Delivery {
  id: string;
  event: string;
  type: string;
  account: string;
  livemode: boolean;
  endpoint: string;
  /** The space that owns the endpoint: account/mode. */
  endpointAccount: string;
  endpointLivemode: boolean;
  url: string;
  status: DeliveryStatus;
  attempts: DeliveryAttempt[];
  /** System time in milliseconds; null when no further attempt will be made. */
  nextAttemptAt: number | null;
}
