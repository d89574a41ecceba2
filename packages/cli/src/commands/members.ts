import type { Command } from 'commander';
import type { Run } from '../context.ts';
import { table } from '../output.ts';

export function membersCommand(program: Command, run: Run): void {
  program
    .command('members [search]')
    .description('the members of the coach, the newest first')
    .option('--limit <number>', 'how many at most', '20')
    .action((search: string | undefined, { limit }: { limit: string }) =>
      run(async ({ session, out }) => {
        const query = { limit: Number(limit), ...(search === undefined ? {} : { search }) };
        const { data } = await session.get('/v1/members', { params: { query } });
        const rows = data.map(({ id, externalId, email, createdAt }) => [
          id,
          externalId ?? '',
          email ?? '',
          createdAt,
        ]);
        out.answer(data, table([['id', 'your id', 'e-mail', 'since'], ...rows]));
      }),
    );
}
