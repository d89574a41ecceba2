import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Why a part of a request is not taken, for whoever has to correct it. */
export interface Wrong {
  /** As a path: `recurring.interval`; empty: the whole of it. */
  field: string;
  /** A sentence that names the field, what it has to be and what it is. */
  words: string;
}

/** Characters of a value that are quoted. */
const QUOTED = 60;
/** Values that belong into no answer, which may be kept or shown. */
const SECRET = /secret|token|password|key$/i;
/** How many names are listed. */
const LISTED = 20;

const TYPES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/**
 * The first thing that is wrong with a value, in words. Messages of ours in a schema begin with `must` and are completed here;
 * zod's own, which speak of its types, are said anew.
 * @param value what was checked
 * @param known the names of its fields
 */
export function whatIsWrong(issues: readonly Issue[], value: unknown, known: readonly string[] = []): Wrong {
  // A field that is missing is often there, under a name of somebody else's.
  const first = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (first === undefined) return { field: '', words: 'The request is not valid.' };
  const issue = innermost(first, []);
  if (issue.code === 'unrecognized_keys') return unknownField(issue, known);
  const { path, present } = found(value, issue.path);
  const field = path.join('.');
  const subject = field === '' ? 'The body' : `"${field}"`;
  const must = mustBe(issue);
  if (present === undefined && issue.code !== 'custom')
    return { field, words: sentence(`${subject} is missing${must === null ? '' : `; it ${must}`}`) };
  if (must === null) return { field, words: sentence(`${subject} ${issue.message}`) };
  return { field, words: sentence(`${subject} ${must}${butIs(must, present, field)}`) };
}

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

/** Of several ways to read a value, what is wrong with the one that it is nearest to: whose mistake lies deepest. */
function innermost(issue: Issue, path: readonly PropertyKey[]): Issue {
  const whole = [...path, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { ...issue, path: whole };
  const ways = issue.errors.flatMap((way) => way.slice(0, 1)).map((inner) => innermost(inner, whole));
  const deepest = ways.reduce((a, b) => (b.path.length > a.path.length ? b : a));
  if (deepest.path.length > whole.length) return deepest;
  // Where all ways fail at the value itself, it is none of what it may be.
  const types = ways.flatMap((way) => (way.code === 'invalid_type' ? [typeOf(way.expected)] : []));
  if (types.length < ways.length) return ways.find(({ code }) => code !== 'invalid_type') ?? deepest;
  return { ...issue, path: whole, message: `must be ${types.join(' or ')}` };
}

const typeOf = (expected: string): string => TYPES[expected] ?? expected;

function unknownField(issue: Extract<Issue, { code: 'unrecognized_keys' }>, known: readonly string[]): Wrong {
  const [name = ''] = issue.keys;
  const field = [...issue.path, name].join('.');
  const others =
    issue.path.length === 0 && known.length > 0 && known.length <= LISTED
      ? ` Known here: ${known.join(', ')}.`
      : '';
  return { field, words: `The field "${field}" is not known.${others}` };
}

/** `must …`, or null where the message is a sentence of its own. */
function mustBe(issue: Issue): string | null {
  if (issue.message.startsWith('must ')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeOf(issue.expected)}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`;
    case 'invalid_union': {
      const { options } = issue as { options?: readonly unknown[] };
      return options === undefined ? 'has none of the forms that it may have' : `must be ${oneOf(options)}`;
    }
    case 'too_small':
      return bounded(issue.origin, 'at least', issue.minimum);
    case 'too_big':
      return bounded(issue.origin, 'at most', issue.maximum);
    case 'invalid_format':
      return 'does not have the form that it must have';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'unrecognized_keys':
      return null;
  }
}

/** All of few; of many the first and the last, as examples, and where the others stand. */
const oneOf = (values: readonly unknown[]): string => {
  if (values.length > LISTED)
    return `one of the ${values.length} values that /openapi.json lists, ${JSON.stringify(values[0])} or ${JSON.stringify(values.at(-1))} say`;
  const shown = values.map((value) => JSON.stringify(value));
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
};

function bounded(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'string') return `must have ${bound} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `must have ${bound} ${limit} entries`;
  return `must be ${bound} ${limit}`;
}

/** `, not 1000`: what it is instead, where that helps and may be said. */
function butIs(must: string, present: unknown, field: string): string {
  if (must.startsWith('must not') || SECRET.test(field) || present === undefined) return '';
  if (/ (characters|entries)$/.test(must)) {
    const { length } = present as { length?: unknown };
    return typeof length === 'number' ? `, not ${length}` : '';
  }
  // Of an object it is said that it is one, where it has to be something else.
  return typeof present === 'object' && !must.startsWith('must be ') ? '' : `, not ${shown(present)}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
}

/** What was sent at a path, or nearest to it: a list in a query is written as one text. */
function found(
  value: unknown,
  path: readonly PropertyKey[],
): { path: readonly PropertyKey[]; present: unknown } {
  let present = value;
  for (const [depth, key] of path.entries()) {
    if (typeof present === 'string') return { path: path.slice(0, depth), present };
    present = (present as Record<PropertyKey, unknown> | null | undefined)?.[key];
  }
  return { path, present };
}
