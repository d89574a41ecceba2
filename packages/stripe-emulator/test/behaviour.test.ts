import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasTest, isAssumed, readBehaviour, titlesIn, withoutTest } from './support/behaviour';

const root = join(__dirname, '..', '..', '..');
const { points, risks } = readBehaviour(readFileSync(join(__dirname, '..', 'BEHAVIOUR.md'), 'utf8'));

describe('BEHAVIOUR.md', () => {
  it('has at least 120 points, numbered one after the other', () => {
    expect(points.length).toBeGreaterThanOrEqual(120);
    expect(points.map(({ number }) => number)).toEqual(points.map((_point, index) => index + 1));
  });

  it('names a test that exists for every point', () => {
    expect(withoutTest(points, root)).toEqual([]);
  });

  it('names the page of Stripe’s documentation, or says that there is none', () => {
    const neither = points.filter(
      (point) => !isAssumed(point) && !/\(\[.+\]\(https:\/\/docs\.stripe\.com\/\S+\)\)$/.test(point.says),
    );
    expect(neither).toEqual([]);
  });

  it('says of every assumption, and of nothing else, what happens if it is wrong', () => {
    expect([...risks.keys()]).toEqual(points.filter(isAssumed).map(({ number }) => number));
  });

  it('says how many points and how many risks there are', () => {
    const text = readFileSync(join(__dirname, '..', 'BEHAVIOUR.md'), 'utf8');
    expect(text).toContain(`document: ${points.length} points.`);
    expect(text).toContain(`those ${risks.size} points`);
  });
});

describe('the check of it', () => {
  const SOURCE = `
    describe('outer', () => {
      it('plain', () => {});
      test.each<[string]>([['a']])('each %s', () => {});
      it.each([1])(\`template \${1} more\`, () => {});
      // it('in a comment', () => {});
      expect('it in words').toBe('x');
    });`;

  it('finds tests however they are written, and nothing else', () => {
    expect(titlesIn(SOURCE)).toEqual(['plain', 'each %s', 'template ']);
  });

  it.each([
    ['plain', true],
    ['pla', false],
    ['pla…', true],
    ['template …', true],
    ['in a comment', false],
  ])('looks for %s: %p', (title, found) => {
    expect(hasTest(titlesIn(SOURCE), title)).toBe(found);
  });

  it('says which point has lost its test', () => {
    const row = (file: string, title: string) =>
      `| 7 | A point. | not documented, assumed | \`${file}\`: ${title} |`;
    const lost = (file: string, title: string) => withoutTest(readBehaviour(row(file, title)).points, root);
    expect(lost('behaviour.test.ts', 'says which point has lost its test')).toEqual([]);
    expect(lost('behaviour.test.ts', 'gone')).toEqual([
      '7: packages/stripe-emulator/test/behaviour.test.ts: gone',
    ]);
    expect(lost('test/unit/gone.test.ts', 'gone')).toEqual(['7: test/unit/gone.test.ts: gone']);
    expect(() => readBehaviour('| 8 | A point without a test. | words | |')).toThrow('cannot be read');
  });
});
