/**
 * Asks again until the expectation holds; throws what it last threw when it does not hold in time. For what follows
 * from the log and therefore comes a little later.
 */
export async function eventually<Result>(expectation: () => Promise<Result>, timeoutMs = 30_000): Promise<Result> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}
