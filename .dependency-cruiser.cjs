const services = 'registry|capacity-matching|fund|working-groups|public-sector-liaison';
// Specifications arrange whatever of their own service they need.
const specs = '[.](spec|given)[.](ts|cjs)$';
const pure = '^apps/.+[.](events|decider|contract|policy)[.]ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'What needs one another in a circle is one thing in several files; find the part that both need.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'slice-to-slice',
      comment:
        'Of a sibling slice only its .events and its .read-model may be imported: what happened, and what is known.',
      severity: 'error',
      from: { path: `^apps/(${services})/src/([^/]+)/`, pathNot: specs },
      to: { path: '^apps/$1/src/(?!$2/)[^/]+/', pathNot: '[.](events|read-model)[.]ts$' },
    },
    {
      name: 'slice-to-root',
      comment: 'The service is composed of its slices, never the other way round.',
      severity: 'error',
      from: { path: `^apps/(${services})/src/[^/]+/`, pathNot: specs },
      to: { path: '^apps/$1/src/([^/]+[.]module|main|index|events)[.]ts$' },
    },
    {
      name: 'vault-apart',
      comment:
        'Personal data do not follow from the log: no read model knows of the vault, so that no rebuild touches it.',
      severity: 'error',
      from: { path: '[.]read-model[.]ts$' },
      to: { path: '[.]vault[.]ts$', reachable: true },
    },
    {
      name: 'public-face',
      comment: 'From outside, an app or lib is what its src/index.ts says; of a service, its src/events.ts too.',
      severity: 'error',
      from: { path: '^(apps/[^/]+|libs/[^/]+|infra)/' },
      to: {
        path: '^(apps|libs)/[^/]+/',
        pathNot: '^($1/|(apps|libs)/[^/]+/src/index[.]ts$|apps/[^/]+/src/events[.]ts$)',
      },
    },
    {
      name: 'pure-all-the-way',
      comment: 'Nothing that a decider, event, contract or policy reaches over any number of imports may be impure.',
      severity: 'error',
      from: { path: pure },
      to: {
        reachable: true,
        pathNot: [
          pure,
          '^apps/[^.]+[.]ts$',
          '^libs/(event-sourcing|calendar|region-keys|csv|contracts)/src/',
          '(^|/)node_modules/@sinclair/typebox/',
        ],
      },
    },
    {
      name: 'no-development-dependency',
      comment: 'What runs in production may not need what is installed for development only.',
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/src/', pathNot: [specs, '^apps/(journeys|bench)/'] },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads to a file, a built-in module or a package that package.json names.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'named-in-package-json',
      comment: 'A package that another one happens to bring may be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // A nested package.json (of the generators) leaves the dependencies to the root's.
    combinedDependencies: true,
    // Imports of types count: they bind just as well.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'types'] },
  },
};
