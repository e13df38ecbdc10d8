// The thread for specifications, which run from the sources: what it requires is compiled as it comes.
const { transformFileSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  module._compile(transformFileSync(file, { module: { type: 'commonjs' } }).code, file);
};
require('./inside-round-thread.worker.ts');
