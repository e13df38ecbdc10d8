import { contracts, topics } from '../src';
import { publishContracts } from './publishing';

// `npm run publish-contracts`, in the root of the workspace: what it writes and is committed counts as published.
const refusals = publishContracts(process.cwd(), contracts, topics);
for (const refusal of refusals) console.error(refusal);
process.exitCode = refusals.length === 0 ? 0 : 1;
