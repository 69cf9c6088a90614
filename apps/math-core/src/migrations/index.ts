import { CreateBenchmarks1763730000001 } from './1763730000001-create-benchmarks';
import { SeedBenchmarks1763730000002 } from './1763730000002-seed-benchmarks';

/** In the order they run. */
export const mathCoreMigrations = [CreateBenchmarks1763730000001, SeedBenchmarks1763730000002];
