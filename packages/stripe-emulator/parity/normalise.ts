import { isObject, type Json } from '../src/json';

/** Moments that both sides have in common, in Unix seconds. */
export interface Anchors {
  /** When the story began, by the wall. */
  wall: number;
  /** Where its test clock began. */
  clock: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
/** A whole number like this is a time: no story has amounts of ten million. */
const FIRST_TIME = 1_000_000_000;
/** Requests take their time. What differs by less has happened at once. */
const GRAIN = 600;

/** An id: a prefix of small letters, and a part that no word looks like. Ready-made test cards are no ids. */
const ID = /\b(?!pm_card_)((?:[a-z]{2,}_)+)([A-Za-z0-9]{12,})/g;

/** Fields that are random, or of the account and not of the API. That they are there, or null, is compared. */
const OPAQUE = new Set([
  'account_name', 'authorization_code', 'calculated_statement_descriptor', 'client_secret', 'fingerprint',
  'hosted_invoice_url', 'invoice_pdf', 'invoice_prefix', 'network_transaction_id', 'number', 'receipt_number',
  'receipt_url', 'request_log_url', 'risk_score', 'statement_descriptor',
]); // prettier-ignore

/** Takes out of the answers of one story what differs from run to run: ids, times, random texts, the name of the run. */
export class Normaliser {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly anchors: Anchors,
    private readonly run: string,
  ) {}

  value(value: Json | undefined, field = ''): Json {
    if (value === undefined || value === null || typeof value === 'boolean') return value ?? null;
    if (typeof value === 'number')
      return Number.isInteger(value) && value >= FIRST_TIME ? this.time(value) : value;
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (isObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [this.text(key), this.value(inner as Json, key)]),
      );
    if (OPAQUE.has(field) || (field === 'url' && value.startsWith('http'))) return `<${field}>`;
    return this.text(value);
  }

  /** A text with `<cus_1>` for the first customer that came, `<cus_2>` for the second, and so on. */
  text(text: string): string {
    const named = text.replaceAll(this.run, '<run>').replaceAll(this.run.toUpperCase(), '<RUN>');
    return named.replace(ID, (id, prefix: string, rest: string) => {
      if (!/[A-Z0-9]/.test(rest)) return id;
      return this.placeholder(id, prefix);
    });
  }

  /** `<start>` or `<start+31d1h>`, from the moment of the two that is nearer. */
  private time(at: number): string {
    const { wall, clock } = this.anchors;
    const from = Math.abs(at - wall) < Math.abs(at - clock) ? wall : clock;
    const seconds = Math.round((at - from) / GRAIN) * GRAIN;
    if (seconds === 0) return '<start>';
    const size = Math.abs(seconds);
    const parts = [
      [Math.floor(size / DAY), 'd'],
      [Math.floor((size % DAY) / HOUR), 'h'],
      [(size % HOUR) / 60, 'm'],
    ] as const;
    const words = parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join('');
    return `<start${seconds < 0 ? '-' : '+'}${words}>`;
  }

  private placeholder(id: string, prefix: string): string {
    let name = this.names.get(id);
    if (name === undefined) {
      const number = (this.counts.get(prefix) ?? 0) + 1;
      this.counts.set(prefix, number);
      this.names.set(id, (name = `<${prefix}${number}>`));
    }
    return name;
  }
}

/** What `Normaliser` puts in place of an id. */
export const PLACEHOLDER = /<(?:[a-z]{2,}_)+\d+>/g;

/** Ids of what an account has once: they connect nothing. */
const COMMON = /^(acct|pmc|bpc|ca)_/;

/** Every id in a value that belongs to a story. */
export function idsIn(value: Json): Set<string> {
  const found = JSON.stringify(value).matchAll(ID);
  return new Set([...found].map(([id]) => id).filter((id) => !COMMON.test(id)));
}
