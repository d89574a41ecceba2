import { query } from '../../src/local/postgres/server';
import type { ChaosStack } from './chaos-stack';

const EVERY_MS = 3000;

/** Looks now and then whether what was over is still over. */
export class Watch {
  readonly wentBack: string[] = [];
  private readonly over = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private looking = Promise.resolve();

  constructor(private readonly stack: ChaosStack) {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look()).catch(() => undefined);
    }, EVERY_MS);
  }

  /** The last look is over. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    const rows = (await query(
      this.stack.info().databaseUrl,
      `SELECT 'checkout ' || id AS what FROM checkout WHERE ended_at IS NOT NULL
       UNION ALL SELECT 'membership ' || id FROM membership WHERE ended_at IS NOT NULL`,
    )) as { what: string }[];
    const now = new Set(rows.map(({ what }) => what));
    for (const what of this.over)
      if (!now.has(what)) {
        this.wentBack.push(`${what} was over, and is not any more`);
        this.over.delete(what);
      }
    for (const what of now) this.over.add(what);
  }
}
