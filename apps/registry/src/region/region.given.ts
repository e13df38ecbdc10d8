import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer } from '@alliance/service-world';
import { coordinator, type RegistryWorld } from '../registry.given';

/** Shows the changes, as soon as the Länder are recorded and the read model has come so far. */
export async function showChanges(
  world: RegistryWorld,
  file: string | Buffer,
  query = '',
  after?: Answer,
): Promise<Answer> {
  const position = after?.headers.get('alliance-position');
  const headers = position ? { 'min-position': position } : undefined;
  for (;;) {
    const shown = await world.post(`/region-imports?dryRun=true&${query}`, file, coordinator, headers);
    if (shown.body.code !== 'REGIONS_NOT_READY' && shown.body.code !== 'REGIONS_CHANGED_MEANWHILE') return shown;
    await sleep(20);
  }
}

/** Shows the changes and then records them. */
export async function importRegionFile(
  world: RegistryWorld,
  file: string | Buffer,
  query = '',
  after?: Answer,
): Promise<Answer> {
  const shown = await showChanges(world, file, query, after);
  return world.post(`/region-imports?digest=${shown.body.digest}&${query}`, file, coordinator);
}
