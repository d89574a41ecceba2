/**
 * Lines of a CSV file (RFC 4180), as spreadsheets read it. A text that one would take for a formula is made a text by an
 * apostrophe: who typed their name may have typed one. https://owasp.org/www-community/attacks/CSV_Injection
 */

/** What may stand in a cell; an amount is a number already, and never a formula. */
export type Cell = string | number | null | { amount: string };

const FORMULA = /^[=+\-@\t\r]/;
const TO_QUOTE = /[",\r\n]/;

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return value.amount;
  const plain = FORMULA.test(value) ? `'${value}` : value;
  return TO_QUOTE.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** One line with its end. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`;
