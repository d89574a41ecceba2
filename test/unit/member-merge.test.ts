import { mergeProblem, namesAfterMerge } from '../../src/domain/member-merge';

const nothing = { isSame: false, isBeingErased: false, isErased: false };

test.each([
  ['two', nothing, null],
  ['the same', { ...nothing, isSame: true }, 'same_member'],
  ['one who was erased', { ...nothing, isErased: true }, 'member_erased'],
  ['one who is being erased', { ...nothing, isBeingErased: true }, 'member_being_erased'],
])('merging %s', (_, facts, expected) => {
  expect(mergeProblem(facts)).toBe(expected);
});

test.each<
  [
    string,
    [email: string | null, externalId: string | null],
    [email: string | null, externalId: string | null],
    ReturnType<typeof namesAfterMerge>,
  ]
>([
  [
    'who stays keeps their names',
    ['a@x.test', 'a'],
    ['b@x.test', 'b'],
    { email: 'b@x.test', externalId: 'b', alsoKnownAs: 'a' },
  ],
  [
    'and gets what they lack',
    ['a@x.test', 'a'],
    [null, null],
    { email: 'a@x.test', externalId: 'a', alsoKnownAs: null },
  ],
  ['or nothing', [null, null], [null, 'b'], { email: null, externalId: 'b', alsoKnownAs: null }],
])('%s', (_, [fromEmail, fromId], [intoEmail, intoId], expected) => {
  const from = { email: fromEmail, externalId: fromId };
  expect(namesAfterMerge(from, { email: intoEmail, externalId: intoId })).toEqual(expected);
});
