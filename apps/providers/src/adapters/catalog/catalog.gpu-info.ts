import { z } from 'zod';
import { amount, part } from '../upstream-fields';

const gpuInfo = z.object({
  Gpus: z.array(
    z.object({
      Count: amount,
      MemoryInfo: part({ SizeInMiB: amount }),
    }),
  ),
});

/** Below this no GPU reports MiB: some fetchers write gigabytes into the field. */
const SMALLEST_MIB = 1_000;

/** Memory of one GPU as a GpuInfo column gives it; empty when the column says nothing usable (some repeat the name). */
export function memoryFromGpuInfo(text: string): { mib?: number; gb?: number } {
  const read = gpuInfo.safeParse(parseLiteral(text));
  const size = read.success ? read.data.Gpus[0]?.MemoryInfo?.SizeInMiB : null;
  if (size === null || size === undefined || size <= 0) return {};
  return size < SMALLEST_MIB ? { gb: size } : { mib: size };
}

/** JSON, or a Python literal, or the mixture of both that one cloud's file has. */
function parseLiteral(text: string): unknown {
  if (!text.startsWith('{')) return null;
  return tryJson(text) ?? tryJson(asJson(text));
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Quotes and names of constants, outside of strings only. */
function asJson(pythonLiteral: string): string {
  return pythonLiteral.replace(
    /'((?:[^'\\]|\\.)*)'|"(?:[^"\\]|\\.)*"|\b(?:None|True|False)\b/g,
    (token: string, quoted: string | undefined) => {
      if (quoted !== undefined) return JSON.stringify(quoted.replaceAll("\\'", "'"));
      if (token === 'None') return 'null';
      return token === 'True' || token === 'False' ? token.toLowerCase() : token;
    },
  );
}
