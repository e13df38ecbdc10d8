import { readFileSync } from 'node:fs';
import path from 'node:path';
import { encodeCloudEvent } from '@alliance/event-bus';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const ajv = addFormats(new Ajv());
const { components } = JSON.parse(readFileSync(path.join(__dirname, '../../docs/asyncapi/asyncapi.json'), 'utf8')) as {
  components: { messages: Record<string, { headers: { properties: object } }> };
};

it.each([{}, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }])(
  'what the bus writes has the headers that AsyncAPI promises, and no others (with %j)',
  (more) => {
    const type = 'registry.OrganisationLeft.v1';
    const { headers } = encodeCloudEvent('registry.organisation.v1', {
      id: '3c6f2a4e-93a5-4a4e-8d1e-0f6a2c9b7d10',
      source: '/registry',
      type,
      subject: 'registry.organisation-7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d',
      time: '2026-03-01T09:30:00.000Z',
      streamRevision: 4n,
      logPosition: { commit: 1042n, prepare: 1042n },
      correlationId: '1f0f7a52-8f6b-4a55-9a5c-5d5b1b9ad6cf',
      data: {},
      ...more,
    });
    const promised = components.messages[type]?.headers;
    expect(ajv.validate({ ...promised, additionalProperties: false }, headers)).toBe(true);
  },
);
