import type { Command } from 'commander';
import type { Run } from '../context.ts';
import { EXIT } from '../exit.ts';

export function accessCommand(program: Command, run: Run): void {
  program
    .command('access <member> <product>')
    .description('may this member see this product, until when, and why? Ends with 4 for no')
    .action((member: string, product: string) =>
      run(async ({ session, out }) => {
        const found = await session.get('/v1/access', { params: { query: { member, product } } });
        const until = found.until === null ? '' : ` until ${found.until}`;
        const next = found.next === null ? [] : [`next: ${found.next.inWords}`];
        out.answer(found, [`${found.access ? `yes${until}` : 'no'}: ${found.explanation}`, ...next]);
        return found.access ? EXIT.done : EXIT.no;
      }),
    );
}
