import { commandBenchmark } from './command.bench';
import { duplicateBenchmarks } from './duplicates.bench';
import { foldBenchmark } from './fold.bench';
import { importBenchmark } from './import.bench';
import { latencyBenchmark } from './latency.bench';
import { matchingBenchmarks } from './matching.bench';
import { matchingRoundBenchmark } from './matching-round.bench';
import type { Benchmark } from './measure';
import { projectBenchmark } from './project.bench';
import { regionsBenchmark } from './regions.bench';
import { relayBenchmark } from './relay.bench';
import { auditBenchmarks } from './replay.bench';
import { memoryBenchmark, startBenchmark } from './standalone.bench';

export const benchmarks: readonly Benchmark[] = [
  commandBenchmark,
  foldBenchmark,
  projectBenchmark,
  relayBenchmark,
  latencyBenchmark,
  startBenchmark,
  memoryBenchmark,
  importBenchmark,
  ...duplicateBenchmarks,
  regionsBenchmark,
  ...auditBenchmarks,
  ...matchingBenchmarks,
  matchingRoundBenchmark,
];
