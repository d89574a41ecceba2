export interface ProductDraft {
  name: string;
  description: string;
  /** A line each. */
  features: string;
  taxCode: string;
}

export const NEW_PRODUCT: ProductDraft = { name: '', description: '', features: '', taxCode: '' };

/** Characters that the API takes. Nothing that was typed or pasted is cut: what is too long is said. */
export const LONGEST = { name: 200, description: 1000 } as const;
export const PRODUCT_FIELDS = ['name', 'description', 'features', 'taxCode'] as const;

/** Of Stripe’s tax codes those that coaches use most, by Stripe's names. https://docs.stripe.com/tax/tax-codes */
export const TAX_CODES = {
  txcd_20060045: 'Training Services - Live Virtual',
  txcd_20060058: 'Training Services - Self Study Web Based',
  txcd_20060044: 'Training services',
  txcd_20060059: 'Tutoring',
  txcd_20060000: 'Professional services',
  txcd_10000000: 'General - Electronically Supplied Services',
  txcd_20030000: 'General - Services',
} as const;

export const isTaxCode = (typed: string) => typed === '' || /^txcd_\d{8}$/.test(typed);

/** Whether the API takes it. */
export function isComplete({ name, description, taxCode }: ProductDraft): boolean {
  const length = name.trim().length;
  return (
    isTaxCode(taxCode.trim()) &&
    length > 0 &&
    length <= LONGEST.name &&
    description.trim().length <= LONGEST.description
  );
}

const orNull = (typed: string) => (typed.trim() === '' ? null : typed.trim());

/** What is included: a line each, none of them empty. */
export const featuresOf = ({ features }: ProductDraft) =>
  features
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What the API takes of it. */
export function productBody(draft: ProductDraft) {
  const { name, description, taxCode } = draft;
  return {
    name: name.trim(),
    description: orNull(description),
    features: featuresOf(draft),
    taxCode: orNull(taxCode),
  };
}
