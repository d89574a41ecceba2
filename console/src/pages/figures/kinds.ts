/** In the order in which they are shown. */
export const KINDS = ['new', 'reactivation', 'expansion', 'contraction', 'churn'] as const;
