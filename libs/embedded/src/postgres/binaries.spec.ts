import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgresBinaries } from './binaries';

const root = mkdtempSync(join(tmpdir(), 'postgres package '));

afterAll(() => rmSync(root, { recursive: true, force: true }));

it('a package whose install script has not run is mended: links between libraries, and the right to execute', async () => {
  mkdirSync(join(root, 'native/bin'), { recursive: true });
  mkdirSync(join(root, 'native/lib'), { recursive: true });
  writeFileSync(join(root, 'native/bin/postgres'), '');
  writeFileSync(join(root, 'native/bin/initdb'), '');
  chmodSync(join(root, 'native/bin/postgres'), 0o644);
  writeFileSync(join(root, 'native/lib/libpq.so.5.18'), 'the library');
  const links = [
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
    { source: 'native/lib/libpq.so.5.18', target: 'native/deep/er/libpq.so' },
  ];
  writeFileSync(join(root, 'native/pg-symlinks.json'), JSON.stringify(links));

  // Several processes may do so at once.
  const [binaries] = await Promise.all([1, 2, 3].map(() => findPostgresBinaries(root)));

  accessSync(String(binaries?.postgres), constants.X_OK);
  for (const { target } of links) expect(readFileSync(join(root, target), 'utf8')).toBe('the library');
});
