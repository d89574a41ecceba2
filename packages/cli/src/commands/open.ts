import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import type { Run } from '../context.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { Place } from '../place.ts';

/** The run of a thing, by how its id begins: docs/architecture.md, "Workflows". */
const RUNS: Record<string, string> = {
  chk: 'checkout',
  cpy: 'live-copy',
  msp: 'membership',
  pmv: 'price-move',
};

export function openCommand(program: Command, run: Run): void {
  program
    .command('open [what]')
    .description(
      'the console (unless told), docs, site, or the run in Temporal of a checkout, membership, move or copying by its id',
    )
    .option('--print', 'say the address only')
    .action((what: string | undefined, { print }: { print?: boolean }) =>
      run(async ({ place, out }) => {
        const url = addressOf(place, what ?? 'console');
        out.answer({ url }, [url]);
        if (print !== true) await openInBrowser(url);
      }),
    );
}

function addressOf(place: Place, what: string): string {
  if (what === 'console' || what === 'docs') return `${place.url}/${what}`;
  if (what === 'site') {
    const { demo } = place.expectLocal('The demo site is there');
    if (demo === null) throw new CommandError('There is no demo site here.');
    return demo.siteUrl;
  }
  const kind = RUNS[what.split('_')[0] ?? ''];
  if (kind === undefined)
    throw new CommandError(
      `Open what? console, docs, site, or an id that begins with ${Object.keys(RUNS).join('_, ')}_.`,
      EXIT.usage,
    );
  const { temporalUi } = place.expectLocal('Temporal is found');
  if (temporalUi === null) throw new CommandError('There is no Temporal Web UI here.');
  return `${temporalUi}/namespaces/default/workflows/${encodeURIComponent(`${kind}/${what}`)}`;
}

/** By the system's own command; on a machine without one the address has been said. */
function openInBrowser(url: string): Promise<void> {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  return new Promise((resolve) => {
    const child = spawn(command, [url], { stdio: 'ignore', detached: true });
    child.once('error', () => {
      process.stderr.write(`${command} was not found: open the address yourself.\n`);
      resolve();
    });
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
