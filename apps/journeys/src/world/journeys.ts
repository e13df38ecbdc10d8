import { notRun, whatKafkaLacks } from '@alliance/embedded';
import { type Alliance, type AllianceOptions, type ServiceName, startAlliance } from './alliance';

/**
 * Registers journeys that share one alliance: services as processes of their own on a real Kafka, which is started for
 * them, or taken from KAFKA_BROKERS where Java or Maven is missing. Journeys that stop the broker need one of their own.
 * What cannot run is counted in one line; with REQUIRE_KAFKA=1 that is a failure.
 */
export function journeys(
  name: string,
  options: {
    readonly services: readonly ServiceName[];
    readonly stopsTheBroker?: boolean;
    /** Of every service, besides those that tell where the infrastructure is. */
    readonly settings?: AllianceOptions['settings'];
  },
  tests: Readonly<Record<string, (alliance: Alliance) => Promise<void>>>,
): void {
  const lack = whatKafkaLacks();
  const given = process.env['KAFKA_BROKERS'];
  if (lack !== undefined && (options.stopsTheBroker || !given)) return notRun(name, Object.keys(tests).length, lack);

  describe(name, () => {
    let alliance: Alliance;

    beforeAll(async () => {
      const kafkaBrokers = lack === undefined ? undefined : given;
      alliance = await startAlliance(options.services, { kafkaBrokers, settings: options.settings });
    }, 240_000);

    afterAll(() => alliance?.stop(), 60_000);

    for (const [promise, keep] of Object.entries(tests)) it(promise, () => keep(alliance));
  });
}
