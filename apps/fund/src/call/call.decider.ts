import { type Aggregate, type Command, refuse, type Refusal } from '@alliance/event-sourcing';
import { atMost, type Currency, inWords } from '../money';
import { type CallEvent, callEvents, type CallFacts, type Member } from './call.events';

export type CallCommand =
  | Command<
      'PublishCall',
      {
        readonly potId: string;
        /** Of the pot, by its stream; `undefined` where there is no such pot. */
        readonly potCurrency: Currency | undefined;
        readonly call: CallFacts;
        readonly panel: readonly Member[];
      }
    >
  | Command<'RevisePanel', { readonly panel: readonly Member[] }>
  | Command<'CloseCall', { readonly reasonCode: string }>;

export type CallState =
  | { readonly stage: 'none' }
  | {
      readonly stage: 'published' | 'closed';
      readonly potId: string;
      readonly call: CallFacts;
      readonly panel: readonly Member[];
    };

/** A call is published once and for all; only who is asked for reviews may change, and it may end before its time. */
export const call: Aggregate<CallCommand, CallState, CallEvent> = {
  catalogue: callEvents,
  decider: {
    initialState: { stage: 'none' },

    decide(command, state) {
      const { actor, at } = command.context;
      if (command.type === 'PublishCall') {
        if (state.stage !== 'none') return refuse('conflict', 'CALL_EXISTS', 'There is a call under this id already.');
        const { potId, potCurrency, call, panel } = command.data;
        return (
          potFault(call, potCurrency) ??
          callFault(call, at) ??
          panelFault(panel) ?? [
            { type: 'CallPublished', data: { potId, call, panel: [...panel], publishedBy: actor.subject } },
          ]
        );
      }
      if (state.stage === 'none') return refuse('not-found', 'CALL_UNKNOWN', 'There is no call with this id.');
      if (command.type === 'RevisePanel') {
        const { panel } = command.data;
        // Of a closed call too: what was applied for in time is still reviewed.
        if (JSON.stringify(panel) === JSON.stringify(state.panel)) return [];
        return panelFault(panel) ?? [{ type: 'PanelRevised', data: { panel: [...panel], revisedBy: actor.subject } }];
      }
      if (state.stage === 'closed') return [];
      if (at >= state.call.closesAt) {
        const detail = `It ended by itself at ${state.call.closesAt}.`;
        return refuse('conflict', 'CALL_OVER', detail, { closesAt: state.call.closesAt });
      }
      return [{ type: 'CallClosed', data: { reasonCode: command.data.reasonCode, closedBy: actor.subject } }];
    },

    evolve(state, event) {
      if (event.type === 'CallPublished') {
        const { potId, call, panel } = event.data;
        return { stage: 'published', potId, call, panel };
      }
      if (state.stage === 'none') throw new Error('The stream does not begin with the publishing of the call.');
      return event.type === 'PanelRevised' ? { ...state, panel: event.data.panel } : { ...state, stage: 'closed' };
    },
  },
};

function potFault({ minimum, maximum }: CallFacts, expected: Currency | undefined): Refusal | undefined {
  if (expected === undefined) {
    return refuse('unprocessable', 'POT_UNKNOWN', 'A call draws on a pot; there is none with this id.');
  }
  const given = [minimum, maximum].map(({ currency }) => currency as string).find((one) => one !== expected);
  if (given === undefined) return undefined;
  return refuse('unprocessable', 'MONEY_CURRENCY_DIFFERS', `The pot is in ${expected}.`, { expected, given });
}

function callFault({ opensAt, closesAt, minimum, maximum, criteria }: CallFacts, at: string): Refusal | undefined {
  if (closesAt <= opensAt || closesAt <= at) {
    const detail = `It has to close after it opens, ${opensAt}, and after this moment; it would at ${closesAt}.`;
    return refuse('unprocessable', 'DATES_OUT_OF_ORDER', detail, { field: 'closesAt', from: opensAt, to: closesAt });
  }
  if (!atMost(minimum, maximum)) {
    const detail = `The least amount, ${inWords(minimum)}, must not be more than the most, ${inWords(maximum)}.`;
    return refuse('unprocessable', 'CALL_AMOUNTS_OUT_OF_ORDER', detail, { minimum, maximum });
  }
  if (maximum.cents === 0) {
    return refuse('unprocessable', 'CALL_WITHOUT_MONEY', 'The most that can be applied for has to be at least a cent.');
  }
  const repeated = repeatedIn(criteria.map(({ key }) => key));
  if (repeated.length > 0) {
    const detail = 'Each criterion has a key of its own.';
    return refuse('unprocessable', 'CALL_CRITERIA_REPEATED', detail, { keys: repeated });
  }
  const weight = criteria.reduce((sum, { weightPercent }) => sum + weightPercent, 0);
  if (weight === 100) return undefined;
  const detail = `The weights of the criteria have to make up 100; they make up ${weight}.`;
  return refuse('unprocessable', 'CALL_WEIGHTS_NOT_100', detail, { weight });
}

function panelFault(panel: readonly Member[]): Refusal | undefined {
  const subjects = repeatedIn(panel.map(({ subject }) => subject));
  if (subjects.length === 0) return undefined;
  return refuse('unprocessable', 'PANEL_MEMBER_REPEATED', 'Everyone is on the panel once.', { subjects });
}

function repeatedIn(keys: readonly string[]): readonly string[] {
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
}
