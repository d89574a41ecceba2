import { isObject, type Json } from '../src/json';
import { compareEvents } from './compare-events';
import { Identities } from './identities';
import type { ToldStory } from './tell';
import type { Exchange } from './wire';

export type Kind =
  | 'broke off' | 'status' | 'error' | 'words' | 'header' | 'missing' | 'extra' | 'value' | 'order'
  | 'event missing' | 'event extra' | 'event order' | 'event changes'; // prettier-ignore

/** One thing in which the right side is not as the left. */
export interface Difference {
  story: string;
  step: string;
  /** `POST /v1/customers`, or the object of an event. */
  subject: string;
  kind: Kind;
  /** Where in the answer: `items.data[0].price`. */
  at: string;
  left: string;
  right: string;
}

/** Every difference between what two sides made of the same stories. */
export function compareAll(left: ToldStory[], right: ToldStory[]): Difference[] {
  return left.flatMap((story) => {
    const other = right.find(({ name }) => name === story.name);
    return other ? compareStory(story, other) : [];
  });
}

function compareStory(left: ToldStory, right: ToldStory): Difference[] {
  const story = left.name;
  const out: Difference[] = [];
  const ids = new Identities();
  const later = [...right.exchanges];
  for (const exchange of left.exchanges) {
    const at = later.findIndex(({ step }) => step === exchange.step);
    // A story that broke off says so once, below.
    if (at < 0) continue;
    const [other] = later.splice(at, 1);
    if (other) out.push(...compareExchange(story, exchange, other, ids));
  }
  if (left.broke !== right.broke)
    out.push({
      story,
      step: (left.broke === undefined ? right : left).exchanges.at(-1)?.step ?? '',
      subject: 'story',
      kind: 'broke off',
      at: '',
      left: left.broke ?? 'goes on',
      right: right.broke ?? 'goes on',
    });
  // After a story that broke off events are missing for that reason alone.
  if (left.broke === undefined && right.broke === undefined)
    out.push(...compareEvents(story, left.events, right.events, ids));
  return out;
}

function compareExchange(story: string, left: Exchange, right: Exchange, ids: Identities): Difference[] {
  const out: Difference[] = [];
  const about = { story, step: left.step, subject: `${left.method} ${left.path}` };
  const differ = (kind: Kind, at: string, a: Json | undefined, b: Json | undefined) =>
    out.push({ ...about, kind, at, left: shown(a), right: shown(b) });
  if (left.status !== right.status) differ('status', '', verdict(left), verdict(right));
  for (const name of new Set([...Object.keys(left.headers), ...Object.keys(right.headers)])) {
    if (left.headers[name] !== right.headers[name])
      differ('header', name, left.headers[name], right.headers[name]);
  }
  const accepted = [left, right].map(({ status }) => status < 300);
  // An object and a refusal have nothing in common that could be compared.
  if (accepted[0] === accepted[1]) compareValue(left.body, right.body, '', ids, differ);
  return out;
}

/** The status, with the code of a refusal. */
function verdict({ status, body }: Exchange): string {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  return [status, error['code'] ?? error['type']].filter(Boolean).join(' ');
}

type Differ = (kind: Kind, at: string, left: Json | undefined, right: Json | undefined) => void;

function compareValue(left: Json, right: Json, at: string, ids: Identities, differ: Differ): void {
  if (Array.isArray(left) && Array.isArray(right)) return compareList(left, right, at, ids, differ);
  if (isObject(left) && isObject(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const inner = at === '' ? key : `${at}.${key}`;
      const [a, b] = [left[key], right[key]] as [Json | undefined, Json | undefined];
      if (b === undefined) differ('missing', inner, a, b);
      else if (a === undefined) differ('extra', inner, a, b);
      else compareValue(a, b, inner, ids, differ);
    }
    return;
  }
  const same = typeof left === 'string' && typeof right === 'string' ? ids.same(left, right) : left === right;
  if (!same) differ(kindOf(at), at, left, right);
}

function kindOf(at: string): Kind {
  if (at === 'error.message') return 'words';
  return ['error.type', 'error.code', 'error.decline_code', 'error.param'].includes(at) ? 'error' : 'value';
}

/** Lists of the same members in another order differ in their order, and in nothing else. */
function compareList(left: Json[], right: Json[], at: string, ids: Identities, differ: Differ): void {
  const [a, b] = [left.map(faceless), right.map(faceless)];
  if (a.join() !== b.join() && [...a].sort().join() === [...b].sort().join()) {
    differ('order', at, a.map((face) => b.indexOf(face)).join(), a.map((_face, index) => index).join());
    const rest = b.map((face, index) => ({ face, index }));
    left.forEach((item, index) => {
      const found = rest.findIndex(({ face }) => face === a[index]);
      const [match] = rest.splice(found, 1);
      if (match) compareValue(item, right[match.index] ?? null, `${at}[${index}]`, ids, differ);
    });
    return;
  }
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const inner = `${at}[${index}]`;
    const [x, y] = [left[index], right[index]];
    if (y === undefined) differ('missing', inner, x, y);
    else if (x === undefined) differ('extra', inner, x, y);
    else compareValue(x, y, inner, ids, differ);
  }
}

/** A value by which it is known again wherever it stands: without the numbers of its ids. */
function faceless(value: Json): string {
  return Identities.without(JSON.stringify(value));
}

/** Short enough for a table. */
function shown(value: Json | undefined): string {
  if (value === undefined) return '(absent)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
