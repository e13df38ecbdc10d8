const path = require('node:path');
const { formatFiles, generateFiles, names } = require('@nx/devkit');
const ts = require('typescript');

/**
 * Writes the rooms of a slice and wires them into the service: its table of contents and its public face.
 * What it writes works and is tested; the words and rules of the domain then take the place of "open" and "close".
 */
async function slice(tree, { path: servicePath }) {
  const [service, name] = servicePath.split('/');
  const source = `apps/${service}/src`;
  const serviceModule = `${source}/${service}.module.ts`;
  if (!tree.exists(serviceModule)) throw new Error(`There is no service "${service}": no ${serviceModule}.`);
  if (tree.exists(`${source}/${name}`)) throw new Error(`The service "${service}" has a slice "${name}" already.`);

  const timestamp = Date.now();
  const words = {
    service,
    Service: names(service).className,
    serviceDefinition: names(service).propertyName,
    name,
    Name: names(name).className,
    variable: names(name).propertyName,
    CODE: names(name).constantName,
    table: `${name.replaceAll('-', '_')}_register`,
    spoken: name.replaceAll('-', ' '),
    timestamp,
    tmpl: '',
  };
  const { Name, variable } = words;
  generateFiles(tree, path.join(__dirname, 'files/slice'), `${source}/${name}`, words);
  generateFiles(tree, path.join(__dirname, 'files/migration'), `apps/${service}/migrations`, words);
  if (!tree.exists(`${source}/${service}.given.ts`)) {
    generateFiles(tree, path.join(__dirname, 'files/given'), source, words);
  }

  const imports = [
    `import { Create${Name}Register${timestamp} } from '../migrations/${timestamp}-create-${name}-register';`,
    `import { ${variable}Contracts, publish${Name} } from './${name}/${name}.contract';`,
    `import { ${variable}Events } from './${name}/${name}.events';`,
    `import { ${Name}Module } from './${name}/${name}.module';`,
    `import { ${variable}Register, ${Name}Row } from './${name}/${name}-register.read-model';`,
  ];
  const entries = {
    slices: `${Name}Module`,
    projections: `${variable}Register`,
    publishers: `{ catalogue: ${variable}Events, contracts: ${variable}Contracts, publish: publish${Name} }`,
    entities: `${Name}Row`,
    migrations: `Create${Name}Register${timestamp}`,
  };
  let contents = tree.read(serviceModule, 'utf8');
  for (const [list, entry] of Object.entries(entries)) contents = withEntry(contents, list, entry);
  tree.write(serviceModule, withImports(contents, imports));

  const face = `${source}/index.ts`;
  const exported = [
    `export { ${variable}Events } from './${name}/${name}.events';`,
    `export { ${variable} } from './${name}/${name}.decider';`,
  ];
  tree.write(face, `${tree.read(face, 'utf8').trimEnd()}\n${exported.join('\n')}\n`);
  await formatFiles(tree);
}

/** The module's text with one more entry at the end of a list of its service definition. */
function withEntry(text, list, entry) {
  const file = ts.createSourceFile('service.module.ts', text, ts.ScriptTarget.Latest, true);
  let array;
  const search = (node) => {
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === list &&
      ts.isArrayLiteralExpression(node.initializer)
    ) {
      array ??= node.initializer;
    }
    ts.forEachChild(node, search);
  };
  search(file);
  if (!array) throw new Error(`The service definition has no list "${list}".`);
  const before = array.elements.map((element) => element.getFullText().trim());
  return `${text.slice(0, array.getStart())}[${[...before, entry].join(', ')}]${text.slice(array.end)}`;
}

/** The module's text with more imports behind those that it has. */
function withImports(text, imports) {
  const file = ts.createSourceFile('service.module.ts', text, ts.ScriptTarget.Latest, true);
  const end = file.statements.filter(ts.isImportDeclaration).at(-1)?.end ?? 0;
  return `${text.slice(0, end)}\n${imports.join('\n')}${text.slice(end)}`;
}

module.exports = slice;
