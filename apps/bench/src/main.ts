import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks';
import type { Benchmark, Outcome } from './measure';

/** `npm run bench [-- --only NAME] [-- --json FILE]`: every figure as a table; exits 1 when one misses its bar. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
  const chosen = benchmarks.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) {
    throw new Error(
      `--only "${values.only}" names no benchmark; there are: ${benchmarks.map((b) => b.name).join(', ')}.`,
    );
  }
  const results: { benchmark: Benchmark; outcome: Outcome }[] = [];
  for (const benchmark of chosen) {
    process.stderr.write(`${benchmark.name}: ${benchmark.measure}\n`);
    const outcome = await benchmark.run((line) => process.stderr.write(`  ${line}\n`));
    results.push({ benchmark, outcome });
  }
  console.table(Object.fromEntries(results.map(({ benchmark, outcome }) => [benchmark.name, row(benchmark, outcome)])));
  console.log(
    '×: ours divided by the bare side, measured one right after the other; median, least and greatest of all rounds.',
  );
  if (values.json !== undefined) {
    const report = results.map(({ benchmark: { name, measure, unit, bar, aim }, outcome }) => ({
      name,
      measure,
      unit,
      bar,
      aim,
      ...outcome,
    }));
    writeFileSync(values.json, JSON.stringify(report, null, 2) + '\n');
  }
  if (results.some(({ benchmark, outcome }) => !meets(benchmark, outcome, benchmark.bar))) process.exitCode = 1;
}

function row(benchmark: Benchmark, outcome: Outcome): Record<string, string> {
  const sign = benchmark.better === 'higher' ? '≥' : '≤';
  const { median, min, max } = outcome.spread;
  return {
    measure: benchmark.measure,
    median: `${median.toFixed(2)} ${benchmark.unit}`,
    spread: `${min.toFixed(2)} – ${max.toFixed(2)}`,
    bar: `${sign} ${benchmark.bar}`,
    aim: `${sign} ${benchmark.aim}`,
    verdict: meets(benchmark, outcome, benchmark.aim)
      ? 'aim'
      : meets(benchmark, outcome, benchmark.bar)
        ? 'bar'
        : 'missed',
  };
}

function meets(benchmark: Benchmark, outcome: Outcome, figure: number): boolean {
  const { median } = outcome.spread;
  return benchmark.better === 'higher' ? median >= figure : median <= figure;
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
