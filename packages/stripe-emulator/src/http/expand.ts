import { isObject, publicForm, type JsonObject } from '../json';
import { isObjectName, type ObjectName } from '../objects/names';
import { includables } from '../resources/includables';
import type { Space } from '../space';
import { invalidRequest } from './errors';
import { expandable } from './operations';

const MAX_DEPTH = 4;

/**
 * Replaces ids by their objects along the requested paths, in a public form that is changed in place:
 * https://docs.stripe.com/expand
 */
export function expand(space: Space, answer: JsonObject, paths: string[]): void {
  for (const path of paths) {
    const parts = path.split('.');
    if (parts.length > MAX_DEPTH) {
      throw invalidRequest(
        `You cannot expand more than ${MAX_DEPTH} levels of a property: ${path}.`,
        'expand',
      );
    }
    expandPath(space, answer, parts, { whole: path, inside: '' });
  }
}

/** Where an expansion is: `inside` leads from the last object with a name to the hash at hand, with a dot at its end. */
interface Place {
  whole: string;
  type?: string;
  id?: string | undefined;
  inside: string;
}

function expandPath(space: Space, target: JsonObject, parts: string[], { whole, ...outer }: Place): void {
  const [field, ...rest] = parts;
  if (field === undefined) return;
  if (target.object === 'list') {
    if (field !== 'data') throw cannotExpand(whole);
    const items = Array.isArray(target.data) ? target.data : [];
    for (const item of items)
      if (isObject(item)) expandPath(space, item as JsonObject, rest, { whole, inside: '' });
    return;
  }
  const { type, inside } = typeof target.object === 'string' ? { type: target.object, inside: '' } : outer;
  const loader = type === undefined ? undefined : includables[`${type}.${inside}${field}`];
  const id = typeof target.id === 'string' ? target.id : outer.id;
  if (loader && target[field] === undefined) target[field] = publicForm(loader(space, id ?? ''), true);
  const kinds = type === undefined ? undefined : expandable[type]?.[`${inside}${field}`];
  const value = target[field];
  if (typeof value === 'string') {
    if (!kinds) throw cannotExpand(whole);
    const found = load(space, kinds, value);
    if (found) target[field] = found;
  } else if (Array.isArray(value) && kinds) {
    target[field] = value.map((id) => (typeof id === 'string' ? (load(space, kinds, id) ?? id) : id));
  } else if (value === undefined || (value === null && !kinds && !loader && rest.length === 0)) {
    throw cannotExpand(whole);
  }
  descend(space, target[field], rest, {
    whole,
    ...(type === undefined ? {} : { type }),
    id,
    inside: `${inside}${field}.`,
  });
}

function descend(space: Space, value: unknown, rest: string[], place: Place): void {
  if (rest.length === 0) return;
  if (Array.isArray(value)) {
    for (const item of value) descend(space, item, rest, place);
  } else if (isObject(value)) {
    expandPath(space, value as JsonObject, rest, place);
  }
}

function load(space: Space, kinds: string[], id: string): JsonObject | undefined {
  for (const kind of kinds) {
    const name = kind === 'item' ? undefined : kind;
    if (name === 'account') return publicForm(space.emulator.account(id)) as JsonObject | undefined;
    if (name !== undefined && isObjectName(name)) {
      const found = space.find(name as ObjectName, id);
      if (found) return publicForm(found) as JsonObject;
    }
  }
  return undefined;
}

function cannotExpand(path: string): Error {
  return invalidRequest(`This property cannot be expanded (${path}).`, 'expand');
}
