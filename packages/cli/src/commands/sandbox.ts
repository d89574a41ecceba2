import type { Command } from 'commander';
import type { Run } from '../context.ts';
import { createSandbox, payAtLocalStripe } from '../sandbox.ts';

export function sandboxCommands(program: Command, run: Run): void {
  program
    .command('sandbox')
    .description('beside npm start: a new coach in test mode, connected without a browser; says the key')
    .option('--name <name>', 'of the coach', 'Sandbox')
    .action(({ name }: { name: string }) =>
      run(async ({ place, out }) => {
        const made = await createSandbox(place.expectLocal('A sandbox is made'), name);
        out.answer(made, [made.key]);
      }),
    );
  program
    .command('pay <checkout>')
    .description("beside npm start: pays a checkout on the local Stripe's page, as a member would")
    .action((id: string) =>
      run(async ({ place, session, out }) => {
        const local = place.expectLocal('A checkout is paid without a browser');
        const path = { id };
        const { url } = await session.get('/v1/checkouts/{id}', { params: { path } });
        if (url !== null) await payAtLocalStripe(local, url);
        const paid = await session.get('/v1/checkouts/{id}', { params: { path, query: { wait: 20 } } });
        out.answer(paid, [`${paid.id} ${paid.status}`]);
      }),
    );
}
