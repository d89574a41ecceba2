#!/usr/bin/env node
// npm run codec-server: decrypts payloads for the Temporal Web UI in a browser on this machine (docs/security.md).
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
await build();
await import('../dist/worker/codec-server.js');
