import { gainsOf } from '../gains';
import { generatedTransport } from '../generated-transport';
import { provedObjective, solveByNetwork } from '../by-network';

/** Solves one transport by classes in a process of its own, and says the most memory that process ever had, in MB. */
const [needs, offers, seed] = process.argv.slice(2).map(Number);
const transport = generatedTransport(needs!, offers!, seed!);
provedObjective(solveByNetwork(transport, gainsOf(transport, 'classes')));
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
