/** A coach's choices that the access rules take into account, in one mode. */
export interface Policy {
  /** Days of access after a renewal stays unpaid, counted from the invoice's finalization: 0 to 30. */
  graceDays: number;
  /** Hours added to what was paid for, so that an outage of ours takes nobody's access: 0 to 168. */
  renewalLeewayHours: number;
  /** A subscription cancelled at once keeps its access to the end of the paid period. */
  honourPaidPeriod: boolean;
  /** A full refund leaves the access, and a subscription, as they are. */
  keepAfterRefund: boolean;
  /** An open dispute leaves the access; a lost one never does. */
  keepDuringDispute: boolean;
}

export const DEFAULT_POLICY: Policy = {
  graceDays: 7,
  renewalLeewayHours: 72,
  honourPaidPeriod: false,
  keepAfterRefund: false,
  keepDuringDispute: false,
};
