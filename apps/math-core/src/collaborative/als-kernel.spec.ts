import fc from 'fast-check';
import { KERNEL } from './row-solver';

const factorsOf = (rows: number, k: number) =>
  fc
    .array(fc.integer({ min: -50, max: 50 }), { minLength: rows * k, maxLength: rows * k })
    .map((list) => Float64Array.from(list));

it('sums products of columns exactly, whatever the number of factors and rows', () => {
  const problem = fc
    .tuple(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 70 }))
    .chain(([k, rows]) => fc.tuple(fc.constant(k), fc.constant(rows), factorsOf(rows, k)));
  fc.assert(
    fc.property(problem, ([k, rows, factors]) => {
      const order = KERNEL.orderFor(k);
      const gram = new Float64Array(order * order);
      KERNEL.addGram(factors, k, 0, rows, gram);
      for (let i = 0; i < k; i += 1)
        for (let j = i; j < k; j += 1) {
          let sum = 0;
          for (let row = 0; row < rows; row += 1) sum += (factors[row * k + i] ?? 0) * (factors[row * k + j] ?? 0);
          expect(gram[i * order + j]).toBe(sum);
        }
    }),
  );
});

it('solves each row’s normal equations', () => {
  const problem = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 80 }))
    .chain(([k, entries]) => fc.tuple(fc.constant(k), fc.constant(entries), factorsOf(entries, k)));
  fc.assert(
    fc.property(problem, ([k, entries, fixed]) => {
      const lambda = 0.5;
      const order = KERNEL.orderFor(k);
      const base = new Float64Array(order * order);
      for (let diagonal = 0; diagonal < k; diagonal += 1) base[diagonal * (order + 1)] = lambda;
      const values = Float64Array.from({ length: entries }, (_, index) => (index % 5) + 1);
      const factors = new Float64Array(k);
      const side = {
        starts: Uint32Array.of(0, entries),
        others: Uint32Array.from({ length: entries }, (_, index) => index),
        ...{ values, factors, fixed, base, losses: new Float64Array(1), k, lambda, alpha: null },
      };
      KERNEL.solveRows(side, 0, 1);
      // At the minimum the gradient of the row's own loss is nothing, beside the sizes that make it up.
      for (let i = 0; i < k; i += 1) {
        let gradient = lambda * (factors[i] ?? 0);
        let size = 1;
        for (let entry = 0; entry < entries; entry += 1) {
          let predicted = 0;
          for (let j = 0; j < k; j += 1) predicted += (fixed[entry * k + j] ?? 0) * (factors[j] ?? 0);
          gradient += (predicted - (values[entry] ?? 0)) * (fixed[entry * k + i] ?? 0);
          size += Math.abs((values[entry] ?? 0) * (fixed[entry * k + i] ?? 0));
        }
        expect(Math.abs(gradient) / size).toBeLessThan(1e-8);
      }
    }),
  );
});
