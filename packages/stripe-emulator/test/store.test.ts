import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../src/store/database';
import { Listing } from '../src/store/listing';
import { Packer } from '../src/store/packer';
import { PackedTable } from '../src/store/tables';

const LARGE = 'acct_1/test/customer';

/** What a test does to a table, and to a plain map next to it. */
const steps = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 12 }).map(String),
    value: fc.option(fc.record({ n: fc.integer(), text: fc.string({ unit: 'binary' }) })),
    read: fc.integer({ min: 0, max: 12 }).map(String),
  }),
  { maxLength: 60 },
);

describe('a packed table', () => {
  it('has what a map has, in the same order, whatever is packed', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (list, atHand) => {
        const table = new PackedTable(atHand);
        const map = new Map<string, unknown>();
        for (const { key, value, read } of list) {
          if (value === null) {
            table.delete(key);
            map.delete(key);
          } else {
            table.set(key, value);
            map.set(key, value);
          }
          expect(table.get(read)).toEqual(map.get(read));
          expect(table.has(read)).toBe(map.has(read));
        }
        expect([...table]).toEqual([...map]);
        expect([...table.keys()]).toEqual([...map.keys()]);
        expect([...table.values()]).toEqual([...map.values()]);
        expect(table.size).toBe(map.size);
      }),
    );
  });

  it('packs what was not touched for a while', () => {
    const table = new PackedTable(2);
    const values = Array.from({ length: 20 }, (_, n) => ({ id: `cus_${n}`, name: 'a member' }));
    for (const value of values) table.set(value.id, value);
    expect(table.get('cus_19')).toBe(values[19]);
    expect(table.get('cus_0')).not.toBe(values[0]);
    expect(table.get('cus_0')).toEqual(values[0]);
  });

  it('takes a fraction of the text of values that resemble each other', () => {
    const value = (n: number) => ({
      id: `cus_${n}`,
      email: `member-${n}@example.com`,
      address: null,
      metadata: {},
    });
    const packer = new Packer([value(1)]);
    expect(packer.unpack(packer.pack(value(7)))).toEqual(value(7));
    expect(packer.pack(value(7)).length).toBeLessThan(JSON.stringify(value(7)).length / 3);
  });
});

describe('a database with packed tables', () => {
  it('undoes a transaction that failed, packed values and the index included', () => {
    const db = new Database(undefined, 1);
    const customer = (n: number, email: string) => ({ id: `cus_${n}`, email });
    for (let n = 0; n < 10; n += 1) db.put(LARGE, `cus_${n}`, customer(n, `${n}@example.com`));
    expect(() =>
      db.transaction(() => {
        for (let n = 0; n < 10; n += 1) db.put(LARGE, `cus_${n}`, customer(n, 'same@example.com'));
        db.put(LARGE, 'cus_new', customer(10, 'same@example.com'));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect([...db.table(LARGE).values()]).toEqual(
      Array.from({ length: 10 }, (_, n) => customer(n, `${n}@example.com`)),
    );
    expect(db.by(LARGE, 'email', 'same@example.com')).toEqual([]);
    expect(db.by(LARGE, 'email', '3@example.com')).toEqual([customer(3, '3@example.com')]);
  });

  it('is the same after a restart', () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-'));
    const db = new Database(folder, 1);
    for (let n = 0; n < 10; n += 1) db.put(LARGE, `cus_${n}`, { id: `cus_${n}`, email: 'a@example.com' });
    db.put(LARGE, 'cus_3', { id: 'cus_3', email: 'b@example.com' });
    db.delete(LARGE, 'cus_4');
    const before = [...db.table(LARGE)];
    db.close();
    const again = new Database(folder, 1);
    expect([...again.table(LARGE)]).toEqual(before);
    expect(again.by(LARGE, 'email', 'b@example.com')).toEqual([{ id: 'cus_3', email: 'b@example.com' }]);
    expect(again.by(LARGE, 'email', 'a@example.com')).toHaveLength(8);
    again.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a listing', () => {
  it('reads no more than is looked at', () => {
    const read: string[] = [];
    const listing = new Listing(['3', '2', '1'], (key) => {
      read.push(key);
      return Number(key);
    });
    expect(listing.filter((n) => n < 3).first(1)).toEqual([2]);
    expect(read).toEqual(['3', '2']);
  });

  it('knows where a key would be that is left out', () => {
    const part = new Listing(
      ['5', '2'],
      Number,
      () => true,
      () => ['5', '4', '3', '2', '1'],
    );
    expect(['5', '4', '3', '2', '1', '0'].map((key) => part.placeOf(key))).toEqual([
      { before: -1, behind: 1 },
      { before: 0, behind: 1 },
      { before: 0, behind: 1 },
      { before: 0, behind: 2 },
      { before: 1, behind: 2 },
      undefined,
    ]);
  });

  it('finds a range by bisection', () => {
    const numbers = fc
      .array(fc.integer({ min: 0, max: 20 }))
      .map((list) => list.sort((a, b) => b - a).map((n, index) => ({ id: String(index), n })));
    const bound = fc.integer({ min: -1, max: 21 });
    fc.assert(
      fc.property(numbers, bound, bound, (list, from, to) => {
        expect([...Listing.of(list).between(({ n }) => n, from, to)]).toEqual(
          list.filter(({ n }) => n >= from && n <= to),
        );
      }),
    );
  });
});
