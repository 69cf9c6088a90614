const squareRoot = Math.sqrt;

/**
 * Solves A x = b in place for a symmetric positive definite A of which only the lower triangle is read; A becomes its
 * Cholesky factor, b the solution. No allocation: it runs once for each user and item of each sweep.
 */
export function solveSpd(matrix: Float64Array, right: Float64Array, size: number): void {
  factorise(matrix, size);
  for (let row = 0; row < size; row += 1) {
    let sum = at(right, row);
    for (let column = 0; column < row; column += 1) sum -= at(matrix, row * size + column) * at(right, column);
    right[row] = sum / at(matrix, row * (size + 1));
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = at(right, row);
    for (let below = row + 1; below < size; below += 1) sum -= at(matrix, below * size + row) * at(right, below);
    right[row] = sum / at(matrix, row * (size + 1));
  }
}

function factorise(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      let sum = at(matrix, row * size + column);
      for (let inner = 0; inner < column; inner += 1)
        sum -= at(matrix, row * size + inner) * at(matrix, column * size + inner);
      matrix[row * size + column] = row === column ? squareRoot(sum) : sum / at(matrix, column * (size + 1));
    }
}

const at = (array: Float64Array, index: number): number => array[index] as number;
