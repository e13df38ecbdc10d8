import path from 'node:path';

/** What a file can be, as its name says it: `grant.decider.ts`, `grant.decider.spec.ts`, `organisation.v1.ts`. */
const roles = [
  ...['events', 'decider', 'contract', 'policy', 'http', 'read-model', 'reactor', 'vault', 'module', 'config', 'given'],
  ...['worker', 'guard', 'filter', 'interceptor', 'strategy', 'journey', 'bench', 'chapter', 'd', 'v[1-9]\\d*'],
];
const fileName = new RegExp(`^[a-z0-9]+(-[a-z0-9]+)*(\\.(${roles.join('|')}))?(\\.spec)?\\.ts$`);
const publicFace = /\/(apps|libs)\/[^/]+\/src\/index\.ts$/;

/** ESLint rule: kebab-case names with a known role; `index.ts` only as the public face of an app or lib. */
export const fileNameRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      name: '"{{name}}" is no file name of the house: kebab-case, and after a dot only a known role ({{roles}}).',
      barrel: 'An index.ts is the public face of an app or lib (src/index.ts); elsewhere import the file itself.',
    },
  },
  create(context) {
    const file = context.filename.replaceAll('\\', '/');
    const name = path.posix.basename(file);
    return {
      Program(node) {
        if (name === 'index.ts') {
          if (!publicFace.test(file)) context.report({ node, messageId: 'barrel' });
        } else if (!fileName.test(name)) {
          context.report({ node, messageId: 'name', data: { name, roles: roles.join(', ') } });
        }
      },
    };
  },
};
