import { type RefObject, useEffect } from 'react';
import type { Problem } from '../api/problem';

/** The field of a form that the API's refusal is about: it is marked there, and need not be said again. Null: none of them. */
export function markedField<Field extends string>(
  problem: Problem | null,
  fields: readonly Field[],
): Field | null {
  const named = problem?.field?.split('.') ?? [];
  return fields.find((field) => named.includes(field)) ?? null;
}

/** Gives the focus to the first marked field of a form, after each check and each refusal: it is found and read there. */
export function useMarkedFocus(
  form: RefObject<HTMLElement | null>,
  check: number | string | null,
  refusal: Problem | string | null,
): void {
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form, check, refusal]);
}
