import { notRun, whatKafkaLacks } from '@alliance/embedded';
import { type Alliance, type ServiceName, startAlliance } from './alliance';

/**
 * Registers journeys that share one alliance: services as processes of their own on a real Kafka, which is started for
 * them, or taken from KAFKA_BROKERS where Java or Maven is missing. Journeys that stop the broker need one of their own.
 * What cannot run is counted in one line; with REQUIRE_KAFKA=1 that is a failure.
 */
export function journeys(
  name: string,
  options: { readonly services: readonly ServiceName[]; readonly stopsTheBroker?: boolean },
  tests: Readonly<Record<string, (alliance: Alliance) => Promise<void>>>,
): void {
  const lack = whatKafkaLacks();
  const given = process.env['KAFKA_BROKERS'];
  if (lack !== undefined && (options.stopsTheBroker || !given)) return notRun(name, Object.keys(tests).length, lack);

  describe(name, () => {
    let alliance: Alliance;

    beforeAll(async () => {
      alliance = await startAlliance(options.services, { kafkaBrokers: lack === undefined ? undefined : given });
    }, 240_000);

    afterAll(() => alliance?.stop(), 60_000);

    for (const [promise, keep] of Object.entries(tests)) it(promise, () => keep(alliance));
  });
}
