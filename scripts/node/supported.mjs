#!/usr/bin/env node
// Prints the folder of a Node that is new enough for us: the one on the PATH, or the one that npm has.
import { dirname } from 'node:path';
import { supportedNode } from './find-node.mjs';

console.log(dirname(supportedNode()));
