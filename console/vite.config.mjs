import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The API during development: `npm start` in another terminal. */
const api = process.env.API_URL ?? 'http://localhost:4000';

export default defineConfig({
  root: at('.'),
  base: '/console/',
  plugins: [react()],
  // The same rules about money and prices as the API has, and the same colours.
  resolve: { alias: { '@domain': at('../src/domain'), '@look': at('../src/look') } },
  build: {
    outDir: at('../dist/console'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // Nothing inline: the page's policy takes scripts and images of its own address only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, proxy: { '/console/api': api } },
});
