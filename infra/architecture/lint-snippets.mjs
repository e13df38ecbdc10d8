// Lints snippets as if they lay at given paths of the workspace: reads [{ file, code }] from standard input, writes for
// each the list of its faults as [{ rule, message }]. A process of its own, since Jest cannot load ESLint's configuration.
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import ts from 'typescript';

const root = path.join(import.meta.dirname, '../..');
const options = {
  target: ts.ScriptTarget.ES2022,
  strict: true,
  noResolve: true,
  types: [],
  moduleDetection: ts.ModuleDetectionKind.Force,
};
const disk = ts.createCompilerHost(options);
const parsed = new Map();

/** A program of files that exist nowhere but here, so that the rules that need types can run on them. */
function programOf(files) {
  const host = {
    ...disk,
    fileExists: (name) => files.has(name) || disk.fileExists(name),
    getSourceFile(name, languageVersion) {
      if (files.has(name)) return ts.createSourceFile(name, files.get(name), languageVersion, true);
      if (!parsed.has(name)) parsed.set(name, disk.getSourceFile(name, languageVersion));
      return parsed.get(name);
    },
  };
  return ts.createProgram([...files.keys()], options, host);
}

// Nx's rule reads the graph of projects once when ESLint's command runs, anew for every file when an editor does.
process.argv[1] = path.join(root, 'node_modules/.bin/eslint');

const snippets = JSON.parse(await text(process.stdin));
const results = [];
// In rounds, since a program has one file of a path.
let left = [...snippets.keys()];
while (left.length > 0) {
  const round = new Map();
  left = left.filter((index) => {
    const filePath = path.join(root, snippets[index].file);
    return round.has(filePath) || !round.set(filePath, index);
  });
  const program = programOf(new Map([...round].map(([filePath, index]) => [filePath, snippets[index].code])));
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { project: null, programs: [program] } },
    },
  });
  for (const [filePath, index] of round) {
    const [{ messages }] = await eslint.lintText(snippets[index].code, { filePath });
    results[index] = messages.map(({ ruleId, message, fatal }) => ({ rule: fatal ? 'fatal' : ruleId, message }));
  }
}
process.stdout.write(JSON.stringify(results));
