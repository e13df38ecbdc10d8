import type { LogPosition } from '@alliance/event-sourcing';
import { type Finding, type Invariant, noteOf } from './invariant';

interface Note {
  /** Of the last submission. */
  version: number;
  /** Where that version passed the formal check; not once it was sent back. */
  checked: LogPosition | undefined;
  /** Where somebody said what they think of that version. */
  readonly reviews: LogPosition[];
}

export const reviewsOfTheVersion: Invariant = {
  name: 'reviews-of-the-version',
  says: 'What was checked, reviewed and proposed is the version of the application that was submitted last.',

  begin() {
    const notes = new Map<string, Note>();
    return (event): readonly Finding[] => {
      const note = () => noteOf(notes, event.streamName, (): Note => ({ version: 0, checked: undefined, reviews: [] }));
      switch (event.type) {
        case 'ApplicationSubmitted':
          notes.set(event.streamName, { version: event.data.version, checked: undefined, reviews: [] });
          return [];
        case 'InformationRequested':
          note().checked = undefined;
          return [];
        case 'FormalCheckPassed': {
          const { version } = note();
          note().checked = event.position;
          if (event.data.version === version) return [];
          return [{ words: `Version ${event.data.version} was checked; version ${version} was submitted last.` }];
        }
        case 'ReviewSubmitted': {
          note().reviews.push(event.position);
          return unlessChecked(note(), `${event.data.reviewedBy} reviewed it`);
        }
        case 'DecisionProposed': {
          const { version, reviews } = note();
          const early = unlessChecked(note(), 'A decision was proposed');
          // A deferral needs no reviews: after it they can be written.
          if (event.data.outcome === 'deferred' || reviews.length > 0) return early;
          return [...early, { words: `A decision was proposed without any review of version ${version}.` }];
        }
        default:
          return [];
      }
    };
  },
};

function unlessChecked({ version, checked }: Note, what: string): readonly Finding[] {
  return checked === undefined ? [{ words: `${what} while version ${version} had not passed the formal check.` }] : [];
}
