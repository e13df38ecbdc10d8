import { journeys } from './world/journeys';

journeys(
  'the commands of a service',
  { services: ['registry'] },
  {
    async 'check the configuration and list every fault at once'(alliance) {
      const registry = alliance.service('registry');
      expect((await registry.command(['--check-config'])).exit).toBe(0);
      const faulty = await registry.command(['--check-config'], { PORT: 'http', ROLES: 'king', EVENTSTORE_URL: '' });
      expect(faulty.exit).toBe(1);
      const output = faulty.output.join('\n');
      for (const setting of ['PORT', 'ROLES', 'EVENTSTORE_URL']) expect(output).toContain(setting);
    },

    async 'can be run again without harm: migrations and topics'(alliance) {
      for (const command of ['migrate', 'topics']) {
        const { exit, output } = await alliance.service('registry').command([command]);
        expect({ exit, output }).toEqual({ exit: 0, output: expect.any(Array) });
      }
    },

    async 'rebuild a read model while the service works'(alliance) {
      const { exit, output } = await alliance.service('registry').command(['rebuild', 'organisation-directory']);
      expect({ exit, output }).toEqual({ exit: 0, output: expect.any(Array) });
    },

    async 'tell of an unknown command in one line and end with an error'(alliance) {
      const { exit, output } = await alliance.service('registry').command(['fly']);
      expect(exit).toBe(1);
      expect(output).toHaveLength(1);
    },
  },
);
