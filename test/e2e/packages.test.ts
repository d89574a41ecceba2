import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { provided } from '../harness/variables';

// What would be published, as npm packs it, in a project that has nothing else. Needs what `npm run build` makes.

const run = promisify(execFile);

interface Packed {
  filename: string;
  files: { path: string }[];
}

const packageOf = (name: string) => join(PROJECT_ROOT, 'packages', name);
const read = (...path: string[]): Record<string, unknown> =>
  JSON.parse(readFileSync(join(...path), 'utf8')) as Record<string, unknown>;

/** A new project with the packed package in it, and beside it what that depends on, and nothing else. */
async function projectWith(name: string) {
  const project = mkdtempSync(join(provided('folder'), 'clean-'));
  const source = packageOf(name);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
    cwd: source,
  });
  const [packed] = JSON.parse(stdout) as Packed[];
  const manifest = read(source, 'package.json') as { name: string; dependencies: Record<string, string> };
  const installed = join(project, 'node_modules', manifest.name);
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(project, packed?.filename ?? ''), '-C', installed, '--strip-components=1']);
  for (const dependency of Object.keys(manifest.dependencies)) {
    const [found] = (createRequire(join(source, 'package.json')).resolve.paths(dependency) ?? [])
      .map((folder) => join(folder, dependency))
      .filter((folder) => {
        try {
          return read(folder, 'package.json')['version'] === manifest.dependencies[dependency];
        } catch {
          return false;
        }
      });
    if (found === undefined)
      throw new Error(`${dependency} is not installed in the version that is asked for`);
    symlinkSync(found, join(project, 'node_modules', dependency));
  }
  const files = packed?.files.map(({ path }) => path) ?? [];
  return { project, installed, files, manifest: read(installed, 'package.json') };
}

const USED = {
  message: { test: 2432232314 },
  access: { access: true, from: 'api', detail: { access: true, until: null, asOf: '2026-11-27T12:00:00Z' } },
  sent: ['GET https://session.example/v1/access?member=user-42&product=pdt_1', 'Bearer sk_test_1'],
};

/** As text, so that nothing has to compile it. The message is the example of Standard Webhooks. */
const USE = `async (createSessionClient, verifyWebhook) => {
  const message = await verifyWebhook({
    body: '{"test": 2432232314}',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    now: 1614265330,
  });
  const sent = [];
  const session = createSessionClient({
    url: 'https://session.example',
    key: 'sk_test_1',
    fetch: async (request) => {
      sent.push(request.method + ' ' + request.url, request.headers.get('authorization'));
      return Response.json({ access: true, until: null, asOf: '2026-11-27T12:00:00Z' });
    },
  });
  const access = await session.access({ member: 'user-42', product: 'pdt_1' });
  console.log(JSON.stringify({ message, access, sent }));
}`;

describe('the SDK', () => {
  let clean: Awaited<ReturnType<typeof projectWith>>;
  beforeAll(async () => {
    clean = await projectWith('sdk');
  });

  test('is ready to be published, and depends on the generated fetch alone', () => {
    expect(clean.manifest).toMatchObject({
      license: 'MIT',
      engines: { node: '>=22' },
      publishConfig: { access: 'public', provenance: true },
      dependencies: { 'openapi-fetch': expect.stringMatching(/^\d/) as string },
    });
    expect(Object.keys(clean.manifest['dependencies'] as object)).toHaveLength(1);
    expect(clean.manifest).not.toHaveProperty('private');
    expect(clean.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/esm/index.js']));
    expect(
      clean.files.filter((file) => !/^(LICENSE|README\.md|package\.json|dist\/(esm|cjs)\/.+)$/.test(file)),
    ).toEqual([]);
  });

  test.each(['node16', 'bundler'])('has types for both kinds of modules, found by %s', async (resolution) => {
    const folder = join(clean.project, resolution);
    mkdirSync(folder);
    const sources = resolution === 'node16' ? ['use.mts', 'use.cts'] : ['use.ts'];
    for (const name of sources)
      copyFileSync(join(PROJECT_ROOT, 'test', 'support', 'clean-project', 'use.ts'), join(folder, name));
    const compilerOptions = {
      strict: true,
      skipDefaultLibCheck: true,
      exactOptionalPropertyTypes: true,
      // What the types of the package refer to is checked once.
      skipLibCheck: resolution === 'bundler',
      noEmit: true,
      target: 'es2023',
      lib: ['es2023', 'dom', 'dom.asynciterable'],
      types: [],
      module: resolution === 'node16' ? 'node16' : 'esnext',
      moduleResolution: resolution,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: sources }));
    const tsc = join(PROJECT_ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', folder]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  test.each([
    ['an ES module', 'run.mjs', "import { createSessionClient, verifyWebhook } from '@session/sdk';"],
    ['CommonJS', 'run.cjs', "const { createSessionClient, verifyWebhook } = require('@session/sdk');"],
  ])('runs as %s', async (_, name, first) => {
    writeFileSync(join(clean.project, name), `${first}\n(${USE})(createSessionClient, verifyWebhook);\n`);
    const { stdout } = await run(process.execPath, [join(clean.project, name)]);
    expect(JSON.parse(stdout)).toEqual(USED);
  });

  test('needs nothing but what every runtime has', async () => {
    const said: string[] = [];
    const web = createContext({
      ...{ fetch, Request, Response, Headers, URL, URLSearchParams, AbortController, AbortSignal },
      ...{ crypto, TextEncoder, TextDecoder, atob, btoa, setTimeout, clearTimeout },
      console: { log: (text: string) => said.push(text) },
    });
    const modules = new Map<string, { exports: Record<string, unknown> }>();
    const load = (file: string): Record<string, unknown> => {
      const known = modules.get(file);
      if (known !== undefined) return known.exports;
      const module = { exports: {} };
      modules.set(file, module);
      const requireOf = (name: string) => {
        if (!name.startsWith('.') && name !== 'openapi-fetch') throw new Error(`No runtime has ${name}`);
        return load(createRequire(file).resolve(name));
      };
      const wrapped = `(function (module, exports, require) {${readFileSync(file, 'utf8')}\n})`;
      (runInContext(wrapped, web, { filename: file }) as (...of: unknown[]) => void)(
        module,
        module.exports,
        requireOf,
      );
      return module.exports;
    };
    const sdk = load(join(clean.installed, 'dist', 'cjs', 'index.js'));
    const use = runInContext(`(${USE})`, web) as (...of: unknown[]) => Promise<void>;
    await use(sdk['createSessionClient'], sdk['verifyWebhook']);
    expect(said.map((text) => JSON.parse(text) as unknown)).toEqual([USED]);
  });
});

describe('the emulator', () => {
  test('is ready to be published, and runs', async () => {
    const clean = await projectWith('stripe-emulator');
    expect(clean.manifest).toMatchObject({
      license: 'MIT',
      publishConfig: { access: 'public', provenance: true },
    });
    expect(clean.manifest).not.toHaveProperty('private');
    expect(clean.files.filter((file) => /^(test|src|parity|load)\/|(^|\/)\./.test(file))).toEqual([]);
    const program = join(clean.project, 'run.cjs');
    writeFileSync(
      program,
      `const { startEmulator } = require('@session/stripe-emulator');
      startEmulator({ port: 0 }).then(async ({ url, close }) => {
        console.log((await fetch(url + '/_emulator/health')).status);
        await close();
      });`,
    );
    expect((await run(process.execPath, [program])).stdout).toBe('200\n');
    const command = join(clean.installed, 'dist', 'cli.js');
    expect((await run(process.execPath, [command, '--help'])).stdout).toContain('stripe-emulator');
  });
});

describe('the command', () => {
  test('is ready to be published, and runs', async () => {
    const clean = await projectWith('cli');
    expect(clean.manifest).toMatchObject({
      license: 'MIT',
      publishConfig: { access: 'public', provenance: true },
    });
    expect(clean.manifest).not.toHaveProperty('private');
    expect(clean.files.filter((file) => /^(test|src)\/|(^|\/)\./.test(file))).toEqual([]);
    const command = join(clean.installed, 'bin', 'session.js');
    expect((await run(process.execPath, [command, '--help'])).stdout).toContain('listen');
  });
});
