/** Where the words of a run go. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Replaces the line that was shown before it; an empty one takes it away. Shows nothing where nobody looks. */
  readonly showProgress: (line: string) => void;
  /** Makes what is wrong stand out, where there are colours. */
  readonly alarm: (text: string) => string;
}

/** One sentence for whoever called: what is wrong, and what would be right. No fault of the code. */
export class Fault extends Error {}
