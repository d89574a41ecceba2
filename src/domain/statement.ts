/** What came in and went back in a month, in one currency. Minor units. */
export interface StatementSums {
  gross: { count: number; amount: number };
  refunds: { count: number; amount: number };
  disputes: { count: number; amount: number };
  /** `unknown`: so many payments whose fee is not in it. */
  fees: { amount: number; unknown: number };
}

/** What is left of a month, as far as it is known. */
export const netOfStatement = ({ gross, refunds, disputes, fees }: StatementSums): number =>
  gross.amount - refunds.amount - disputes.amount - fees.amount;
