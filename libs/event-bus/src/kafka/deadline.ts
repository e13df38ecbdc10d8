import { BusUnavailable } from '../bus';

/** The result, or `undefined` when it is not there in time. The work itself goes on. */
export async function settled<Result>(work: Promise<Result>, withinMs: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), withinMs);
  });
  try {
    return await Promise.race([work, time]);
  } finally {
    clearTimeout(timer);
  }
}

/** The result; rejects with `BusUnavailable` when the work fails or is not done in time. */
export async function confirmed<Result>(what: string, work: Promise<Result>, withinMs: number): Promise<Result> {
  const outcome = await settled(
    work.then((result) => ({ result })),
    withinMs,
  ).catch((cause: unknown) => {
    throw new BusUnavailable(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  if (outcome === undefined) throw new BusUnavailable(`${what}: no answer within ${withinMs} ms.`);
  return outcome.result;
}
