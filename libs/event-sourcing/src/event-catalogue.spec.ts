import { currentSchemaVersion, eventCatalogue } from './event-catalogue';
import { streamCategory } from './stream-name';

const schema = { static: {} };

describe('event catalogue', () => {
  it('counts the schema version by the upcasters that lead to it', () => {
    const { definitions } = eventCatalogue(streamCategory('fund', 'grant'), {
      GrantDrafted: { schema },
      GrantSubmitted: { schema, upcasters: [(data: object) => data, (data: object) => data] },
    });
    expect(currentSchemaVersion(definitions.GrantDrafted)).toBe(1);
    expect(currentSchemaVersion(definitions.GrantSubmitted)).toBe(3);
  });
});
