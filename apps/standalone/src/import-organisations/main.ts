import { importOrganisations } from './import-organisations';

importOrganisations(process.argv.slice(2), process.env, {
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
  showProgress: (line) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  },
})
  .then((exitCode) => (process.exitCode = exitCode))
  .catch((error: unknown) => {
    console.error(`import-organisations: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
