import { withHoles } from '../attack/fuzz/holes';
import { fuzz, installed, judge } from '../attack/fuzz/schemathesis';

const REPORT = {
  complete: true,
  operations: { tested: 3 },
  test_cases: { generated: 65 },
  failures: [
    { code: 'ST101', title: 'Server error', operations: ['GET /fails'] },
    { code: 'ST108', title: 'Response violates schema', operations: ['GET /a', 'GET /b'] },
    { code: 'ST901', title: 'Custom check failed', operations: ['POST /c'] },
  ],
  errors: [],
};

test('a report is counted by operations, server errors apart', () => {
  expect(judge(REPORT)).toEqual({
    operations: 3,
    examples: 65,
    serverErrors: 1,
    schemaViolations: 3,
    opened: [
      'Server error: GET /fails',
      'Response violates schema: GET /a, GET /b',
      'Custom check failed: POST /c',
    ],
  });
});

test.each([{ complete: false }, { errors: [{ title: 'the document cannot be read' }] }])(
  'a run that did not come to its end proves nothing (%p)',
  (fault) => {
    expect(() => judge({ ...REPORT, ...fault })).toThrow('did not come to its end');
  },
);

// Schemathesis is installed by `npm run attack`, which tries the same before anything else; a test downloads nothing.
const program = installed();
if (program !== null)
  test('an API that fails, answers otherwise and refuses what it allows is found out', async () => {
    const { serverErrors, opened } = await withHoles((url) =>
      fuzz(program, { url, examples: 5, seed: 1, more: ['--phases', 'fuzzing'] }, 'silent'),
    );
    expect(serverErrors).toBe(1);
    expect(opened.join('\n')).toMatch(/violates schema: GET \/answers-otherwise/);
    expect(opened.join('\n')).toMatch(/document_allows_what_is_taken.*POST \/refuses-what-is-allowed/);
  });
