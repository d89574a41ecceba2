// npm run build -w console: the console's files in dist/console, and a check of what they weigh.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

await build({
  configFile: fileURLToPath(new URL('../vite.config.mjs', import.meta.url)),
  logLevel: 'warn',
});
await import('./budget.mjs');
await import('./compress.mjs');
