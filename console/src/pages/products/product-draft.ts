export interface ProductDraft {
  name: string;
  description: string;
}

/** Characters that the API takes. Nothing that was typed or pasted is cut: what is too long is said. */
export const LONGEST = { name: 200, description: 1000 } as const;
export const PRODUCT_FIELDS = ['name', 'description'] as const;

/** Whether the API takes it. */
export function isComplete({ name, description }: ProductDraft): boolean {
  const length = name.trim().length;
  return length > 0 && length <= LONGEST.name && description.trim().length <= LONGEST.description;
}

/** What the API takes of it. */
export function productBody({ name, description }: ProductDraft) {
  return { name: name.trim(), description: description.trim() === '' ? null : description.trim() };
}
