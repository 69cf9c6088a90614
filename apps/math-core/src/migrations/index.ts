import { CreateBenchmarks1763730000001 } from './1763730000001-create-benchmarks';
import { SeedBenchmarks1763730000002 } from './1763730000002-seed-benchmarks';
import { CreateInteractions1763730000020 } from './1763730000020-create-interactions';
import { CreateBenchmarkAdmin1763730000030 } from './1763730000030-create-benchmark-admin';

/** In the order they run. */
export const mathCoreMigrations = [
  CreateBenchmarks1763730000001,
  SeedBenchmarks1763730000002,
  CreateInteractions1763730000020,
  CreateBenchmarkAdmin1763730000030,
];
