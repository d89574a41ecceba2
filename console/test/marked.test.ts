import { Problem } from '../src/api/problem';
import { isComplete, NEW_PRODUCT, productBody } from '../src/pages/products/product-draft';
import { markedField } from '../src/ui/marked';

const refused = (field: string | null) =>
  new Problem({ code: 'invalid_request', status: 400, ...(field === null ? {} : { field }) });

test.each<[string, Problem | null, string | null]>([
  ['nothing went wrong', null, null],
  ['a field of the form', refused('email'), 'email'],
  ['one of its lines', refused('origins.2'), 'origins'],
  ['something within another', refused('member.email'), 'email'],
  ['a field that the form does not have', refused('cursor'), null],
  ['no field', refused(null), null],
])('%s: marked where it is', (_, problem, field) => {
  expect(markedField(problem, ['email', 'origins'])).toBe(field);
});

test.each<[string, number, number, boolean]>([
  ['no name', 0, 0, false],
  ['the longest name and description', 200, 1000, true],
  ['a name that is too long', 201, 0, false],
  ['a description that is too long', 1, 1001, false],
])('%s is taken or refused as it was typed', (_, name, description, is) => {
  const typed = { name: 'n'.repeat(name), description: 'd'.repeat(description) };
  expect(isComplete({ ...NEW_PRODUCT, ...typed })).toBe(is);
});

test.each([
  ['', true],
  [' txcd_20060045 ', true],
  ['yoga', false],
  ['txcd_1', false],
])('the tax code "%s" is taken or refused as it was typed', (taxCode, is) => {
  expect(isComplete({ ...NEW_PRODUCT, name: 'Yoga', taxCode })).toBe(is);
});

test('what is included is what was typed, a line each', () => {
  const draft = { ...NEW_PRODUCT, name: 'Yoga', features: ' Two classes \n\n Every recording' };
  expect(productBody(draft)).toEqual({
    name: 'Yoga',
    description: null,
    features: ['Two classes', 'Every recording'],
    taxCode: null,
  });
});
