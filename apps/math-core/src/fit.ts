import { fitReport } from './throughput/fit/fit-report';
import { MEASUREMENTS } from './throughput/fit/measurements';

/** `nx run math-core:fit`: fits the throughput estimator again and prints its constants and errors. */
const { decode, engines, serving, spread, errors } = fitReport(MEASUREMENTS);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(7);
console.log(JSON.stringify({ decode, engines: Object.fromEntries(engines), serving, spread }, null, 2));
for (const { what, rows, median, p90, worst } of errors)
  console.log(
    `${what.padEnd(40)} ${String(rows).padStart(3)} rows  median ${percent(median)}  p90 ${percent(p90)}  worst ${percent(worst)}`,
  );
