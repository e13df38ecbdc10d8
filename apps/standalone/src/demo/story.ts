/** Tells on the terminal what happens, and remembers whether all of it was as it should be. */
export class Story {
  private held = 0;
  private readonly broken: string[] = [];

  constructor(private readonly write: (line: string) => void) {}

  chapter(title: string): void {
    this.write(`\n── ${title} ${'─'.repeat(Math.max(0, 74 - title.length))}\n`);
  }

  tell(line: string): void {
    this.write(`  ${line}`);
  }

  /** One claim of the story, told with its verdict; when it does not hold, with what was seen instead. */
  check(claim: string, holds: boolean, seen: unknown): void {
    this.write(`  ${holds ? '✓' : '✗'} ${claim}`);
    if (holds) this.held += 1;
    else {
      this.broken.push(claim);
      this.write(`    seen instead: ${JSON.stringify(seen)}`);
    }
  }

  /** True when every check held; says how it ended. */
  end(): boolean {
    this.write('');
    if (this.broken.length === 0) this.write(`All ${this.held} checks held.`);
    else this.write(`${this.broken.length} of ${this.held + this.broken.length} checks did not hold:`);
    for (const claim of this.broken) this.write(`  ✗ ${claim}`);
    return this.broken.length === 0;
  }
}
