export { BenchmarkDto, BenchmarkListDto, ResolvedBenchmarkDto } from './benchmark.dto';
