// The process that startWorkerProcess starts.
import { join } from 'node:path';
import { requireTypeScript } from '../../scripts/load-typescript.mjs';

const { work } = requireTypeScript(join(import.meta.dirname, 'worker-process.ts'));
await work();
