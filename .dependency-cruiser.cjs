// npm run layers: which folder may import from which. Arrows point down; no file is in a circle.
// https://github.com/sverweij/dependency-cruiser/blob/main/doc/rules-reference.md

/** Folders of the product, the lowest first; a folder imports from those before it, and from nothing else of `src`. */
const LAYERS = [
  { name: 'log', may: [] },
  { name: 'look', may: [] },
  { name: 'html', may: ['look'] },
  { name: 'domain', may: [] },
  { name: 'config', may: ['domain'] },
  { name: 'db', may: ['domain'] },
  { name: 'stripe', may: ['config', 'db', 'domain'] },
  { name: 'messages', may: ['domain'] },
  { name: 'store', may: ['messages', 'stripe', 'db', 'domain'] },
  { name: 'webhooks-out', may: ['domain'] },
  { name: 'mail', may: ['db', 'domain', 'look'] },
  { name: 'temporal', may: ['messages', 'config', 'domain', 'log'] },
  {
    name: 'activities',
    may: ['store', 'temporal', 'messages', 'stripe', 'webhooks-out', 'mail', 'db', 'domain', 'log'],
  },
  { name: 'workflows', may: ['activities', 'store', 'stripe', 'messages', 'domain'] },
  { name: 'tracing', may: ['workflows'] },
  {
    name: 'worker',
    may: [
      'activities',
      'store',
      'temporal',
      'tracing',
      'messages',
      'stripe',
      'db',
      'config',
      'domain',
      'log',
    ],
  },
  {
    name: 'api',
    may: [
      'store',
      'temporal',
      'tracing',
      'messages',
      'stripe',
      'webhooks-out',
      'mail',
      'db',
      'config',
      'domain',
      'log',
      'html',
    ],
  },
  { name: 'setup', may: ['stripe', 'config', 'domain'] },
  { name: 'local', may: ['temporal', 'stripe', 'config', 'domain', 'html'] },
  { name: 'demo', may: ['local'] },
  { name: 'demo-site', may: ['local', 'domain', 'html'] },
];

/** Of `src`, a folder or the one file of that name. */
const of = (names) => `^src/(${names.join('|')})(/|\\.tsx?$)`;

const layers = LAYERS.map(({ name, may }) => ({
  name: `${name}-imports-down`,
  severity: 'error',
  comment: `src/${name} may import from: ${may.join(', ') || 'nothing else of the product'}`,
  from: { path: of([name]) },
  to: { path: '^src/', pathNot: of([name, ...may]) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-circle-of-types-either',
      severity: 'error',
      comment: 'The emulator is one thing that its parts know by its type; the product has no such thing.',
      from: { path: '^(src|console)/' },
      to: { circular: true },
    },
    ...layers,
    {
      name: 'workflows-know-types-alone',
      severity: 'error',
      comment: 'Workflow code is bundled and replayed: of what acts on the world it imports types only.',
      from: { path: of(['workflows']) },
      to: {
        path: '^src/',
        pathNot: of(['workflows', 'messages', 'domain']),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'every-folder-has-its-layer',
      severity: 'error',
      comment: 'A new folder of src is named in LAYERS.',
      from: { path: '^src/', pathNot: of(LAYERS.map(({ name }) => name)) },
      to: {},
    },
    {
      name: 'the-emulator-is-met-over-http',
      severity: 'error',
      from: { path: '^(src|console)/' },
      to: { path: '^packages/stripe-emulator/' },
    },
    {
      name: 'only-a-coachs-programs-call-the-api',
      severity: 'error',
      from: { path: '^(src|console)/', pathNot: of(['demo', 'demo-site']) },
      to: { path: '^packages/(sdk|cli)/' },
    },
    {
      name: 'the-console-shares-rules-and-look-alone',
      severity: 'error',
      from: { path: '^console/src/' },
      to: { path: '^src/', pathNot: '^src/(domain|look)/' },
    },
    {
      name: 'nothing-of-the-product-in-the-packages',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(src|console)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'] },
  },
};
