#!/usr/bin/env node
import { styleText } from 'node:util';
import { audit } from './audit';

const { stdout, stderr } = process;

// A reader such as `head` may have enough of it.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

audit(process.argv.slice(2), process.env, {
  print: (line) => void stdout.write(`${line}\n`),
  printError: (line) => void stderr.write(`${line}\n`),
  showProgress: (line) => {
    if (stderr.isTTY) stderr.write(`\r\x1b[K${line}`);
  },
  alarm: (text) => (stdout.isTTY && !process.env.NO_COLOR ? styleText('red', text) : text),
})
  .then((exitCode) => (process.exitCode = exitCode))
  .catch((error: unknown) => {
    stderr.write(`alliance-audit: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
