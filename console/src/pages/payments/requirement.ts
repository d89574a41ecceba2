/** Stripe's name of a field in words: the field itself, or the group that it belongs to (`individual.dob.day`). */
export function requirementInWords(field: string, words: Record<string, string>): string {
  const parts = field.split('.');
  for (let length = parts.length; length > 0; length--) {
    const known = words[parts.slice(0, length).join('.')];
    if (known !== undefined) return known;
  }
  const plain = field.replaceAll(/[._]/g, ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
