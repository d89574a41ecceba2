// Loaded into every Node process of the stack (NODE_OPTIONS): the clock of the API or the worker is some seconds off.
import { basename, dirname } from 'node:path';

const program = basename(dirname(process.argv[1] ?? ''));
const wanted = Object.fromEntries((process.env.CHAOS_CLOCKS ?? '').split(',').map((part) => part.split('=')));
const aheadMs = 1000 * Number(wanted[program] ?? 0);

if (aheadMs !== 0) {
  const RealDate = Date;
  const now = () => RealDate.now() + aheadMs;
  globalThis.Date = class Date extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(now());
      else super(...args);
    }
    static now() {
      return now();
    }
  };
}
