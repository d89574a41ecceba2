#!/usr/bin/env node
// Stands in for Prisma's native schema engine: the CLI starts this file (see prisma.config.ts), and this file answers
// with the WebAssembly build of the same engine. Two ways of being called, as with the native one:
//   schema-engine cli <command>   one command about the database itself; the exit code is the answer
//   schema-engine                 JSON-RPC 2.0 on stdin and stdout, one message a line, until stdin ends
import { readFileSync } from 'node:fs';
import { runCliCommand } from './cli-command.mjs';
import { serveJsonRpc } from './json-rpc.mjs';

const args = process.argv.slice(2);

/** Every value given for a flag that may be repeated. */
function values(flag) {
  return args.flatMap((arg, index) => (arg === flag ? [args[index + 1]] : []));
}

const datasource = JSON.parse(values('--datasource')[0] ?? '{}');
const cliCommand = args.includes('cli') ? args[args.indexOf('cli') + 1] : undefined;

if (cliCommand !== undefined) {
  process.exitCode = await runCliCommand(cliCommand, datasource);
} else {
  await serveJsonRpc({
    datasource,
    datamodels: values('--datamodels').map((path) => [path, readFileSync(path, 'utf8')]),
  });
}
